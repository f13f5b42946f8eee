package import KubernetesModel

/// Where a page ends and the next one begins. A text of it means nothing to anybody else, and one that isn't ours is refused.
package protocol Cursor: Hashable, Sendable {
    /// Tells the cursors of one list from those of another.
    static var kind: String { get }
    var parts: [String] { get }
    init?(parts: [String])
}

extension Cursor {
    /// For `next`: letters, digits, `-` and `_` alone.
    package var text: String {
        var bytes: [UInt8] = []
        for part in [Self.fingerprint(parts)] + parts {
            bytes += part.utf8
            // Stands in no UTF-8.
            bytes.append(0xFF)
        }
        return Base64URL.text(of: bytes)
    }

    /// Nil for what isn't one of this kind.
    package init?(text: String) {
        guard text.utf8.count <= 2048, let bytes = Base64URL.bytes(of: text), bytes.last == 0xFF else { return nil }
        let parts = bytes.dropLast().split(separator: 0xFF, omittingEmptySubsequences: false)
            .map { String(validating: $0, as: UTF8.self) }
        guard let first = parts.first ?? nil, !parts.contains(nil) else { return nil }
        let rest = parts.dropFirst().compactMap(\.self)
        guard first == Self.fingerprint(rest) else { return nil }
        self.init(parts: rest)
    }

    /// No secret: it finds out what was cut or mistyped, and a cursor of another list.
    private static func fingerprint(_ parts: [String]) -> String {
        let lengths = parts.map { "\($0.utf8.count)" }.joined(separator: ",")
        return Fingerprint.of(kind, lengths, parts.joined())
    }
}

/// Of a list in the order of namespaces and names: the last one that was shown.
package struct NameCursor: Cursor {
    package static let kind = "name"
    package var key: ObjectKey

    package init(_ key: ObjectKey) { self.key = key }

    package var parts: [String] { [key.namespace, key.name] }

    package init?(parts: [String]) {
        guard parts.count == 2 else { return nil }
        key = ObjectKey(namespace: parts[0], name: parts[1])
    }
}

/// Of a list with the newest first: the last one that was shown.
package struct TimeCursor: Cursor {
    package static let kind = "time"
    /// Milliseconds since 1970, as MongoDB keeps them.
    package var milliseconds: Int64
    /// Sorts those of one moment.
    package var id: String

    package init(milliseconds: Int64, id: String) {
        self.milliseconds = milliseconds
        self.id = id
    }

    package init(_ time: Timestamp, id: String) { self.init(milliseconds: time.seconds * 1000, id: id) }

    package var parts: [String] { [String(milliseconds), id] }

    package init?(parts: [String]) {
        // Up to the year 9999, as MongoDB's dates and RFC 3339 go.
        guard parts.count == 2, let milliseconds = Int64(parts[0]), (0...253_402_300_799_999).contains(milliseconds)
        else { return nil }
        self.init(milliseconds: milliseconds, id: parts[1])
    }
}

/// Among the rows of one publication: how many were shown, and where the next one is. A new publication has other rows, so its
/// pages don't go on.
package struct RowCursor: Cursor {
    package static let kind = "row"
    /// What all ids of its buckets begin with.
    package var place: String
    package var row: Int
    /// The document that the next row is in, from 0 on: buckets have as many rows as fit, so the row's number doesn't tell.
    package var bucket: Int
    /// How many rows of that document were shown.
    package var offset: Int

    package init(place: String, row: Int, bucket: Int, offset: Int) {
        self.place = place
        self.row = row
        self.bucket = bucket
        self.offset = offset
    }

    package var parts: [String] { [place, String(row), String(bucket), String(offset)] }

    package init?(parts: [String]) {
        let numbers = parts.dropFirst().compactMap { Int($0) }
        guard parts.count == 4, numbers.count == 3, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        self.init(place: parts[0], row: numbers[0], bucket: numbers[1], offset: numbers[2])
    }
}
