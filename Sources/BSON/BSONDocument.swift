/// A document: its bytes, as they go over the wire. Order counts, and a key may occur more than once.
package struct BSONDocument: Hashable, Sendable {
    /// Always a well-formed document: length first, a zero last.
    package private(set) var bytes: [UInt8]

    package init() { bytes = [5, 0, 0, 0, 0] }

    /// Takes bytes that came from elsewhere; nil where they aren't one whole document.
    package init?(wellFormed bytes: [UInt8]) {
        guard bytes.withUnsafeBytes(BSONValidation.isDocument) else { return nil }
        self.bytes = bytes
    }

    /// For bytes that our own writer made.
    init(trusting bytes: [UInt8]) { self.bytes = bytes }

    package init(_ elements: some Sequence<(String, BSONValue)>) {
        self.init()
        append(contentsOf: elements)
    }

    package mutating func append(contentsOf elements: some Sequence<(String, BSONValue)>) {
        var writer = BSONWriter(continuing: bytes)
        for (key, value) in elements { writer.append(value, forKey: key) }
        bytes = writer.finished()
    }

    package mutating func append(_ value: BSONValue, forKey key: String) {
        append(contentsOf: CollectionOfOne((key, value)))
    }

    package var isEmpty: Bool { bytes.count == 5 }

    /// The first value of that key.
    package subscript(key: String) -> BSONValue? {
        var reader = BSONReader(bytes[...])
        while let element = reader.next() {
            if element.key == key { return element.value }
        }
        return nil
    }

    package var keys: [String] { map(\.key) }
}

extension BSONDocument: Sequence {
    package struct Iterator: IteratorProtocol {
        private var reader: BSONReader

        fileprivate init(_ document: BSONDocument) { reader = BSONReader(document.bytes[...]) }

        package mutating func next() -> (key: String, value: BSONValue)? {
            reader.next().map { ($0.key, $0.value) }
        }
    }

    package func makeIterator() -> Iterator { Iterator(self) }
}

extension BSONDocument: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, BSONValue)...) { self.init(elements) }
}

extension BSONDocument {
    /// The document with those members alone whose key passes; values are copied unread.
    package func filter(keys isIncluded: (String) -> Bool) -> BSONDocument {
        var reader = BSONReader(bytes[...])
        var writer = BSONWriter()
        while let element = reader.next() {
            guard isIncluded(element.key) else { continue }
            writer.appendHead(element.type, key: element.key)
            writer.appendRaw(element.content)
        }
        return BSONDocument(trusting: writer.finished())
    }
}

extension BSONDocument {
    /// The document with other values for some members; all else is copied unread. Nil where nothing changes.
    ///
    /// `edits`: by the member's name; each returns nil where the value stays.
    package func replacing(_ edits: [String: (BSONValue) -> BSONValue?]) -> BSONDocument? {
        var reader = BSONReader(bytes[...])
        var writer = BSONWriter()
        var isChanged = false
        while let element = reader.next() {
            if let edit = edits[element.key], let value = edit(element.value) {
                writer.append(value, forKey: element.key)
                isChanged = true
            } else {
                writer.appendHead(element.type, keyBytes: element.keyBytes)
                writer.appendRaw(element.content)
            }
        }
        return isChanged ? BSONDocument(trusting: writer.finished()) : nil
    }
}
