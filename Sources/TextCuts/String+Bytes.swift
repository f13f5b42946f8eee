/// Lengths are those of UTF-8: one character can have any number of bytes.
extension String {
    /// Whether both have the same bytes. For texts of others that may be long: `==` and hashing bring them into Unicode's
    /// normal form, at the square of the cost where accents follow each other, and so does a search for a character.
    public func isSame(as other: String) -> Bool {
        utf8.count == other.utf8.count && utf8.elementsEqual(other.utf8)
    }

    /// Whether its bytes come before the other's.
    public func precedes(_ other: String) -> Bool { order(to: other) < 0 }

    /// Below zero where its bytes come before the other's, above where they come after, and zero where they are the same.
    public func order(to other: String) -> Int {
        let compared = utf8.withContiguousStorageIfAvailable { own in
            other.utf8.withContiguousStorageIfAvailable { other in
                for index in 0..<min(own.count, other.count) where own[index] != other[index] {
                    return Int(own[index]) - Int(other[index])
                }
                return own.count - other.count
            }
        }
        if let order = compared ?? nil { return order }
        return utf8.elementsEqual(other.utf8) ? 0 : utf8.lexicographicallyPrecedes(other.utf8) ? -1 : 1
    }

    /// Its beginning, at most that many bytes, with "…" at its end where something was cut off.
    public func head(bytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        return prefix(bytes: limit - Self.ellipsis.utf8.count) + Self.ellipsis
    }

    /// Its end, at most that many bytes, with "…" before it where something was cut off.
    public func tail(bytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        return Self.ellipsis + suffix(bytes: limit - Self.ellipsis.utf8.count)
    }

    /// Its beginning and its end, at most that many bytes, with "…" between them where something was cut out: in the last
    /// words of a program the error is at the end.
    public func ends(bytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        let room = max(0, limit - Self.ellipsis.utf8.count)
        return prefix(bytes: room / 4) + Self.ellipsis + suffix(bytes: room - room / 4)
    }

    /// Its beginning, at most that many bytes, with a note of its length where something was cut off.
    public func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        let note = " … (cut: it had \(utf8.count) bytes)"
        return prefix(bytes: limit - note.utf8.count) + note
    }

    private static let ellipsis = "…"

    /// Cut between two code points.
    private func prefix(bytes limit: Int) -> Substring {
        guard limit > 0 else { return "" }
        var end = utf8.index(startIndex, offsetBy: limit)
        while end > startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return self[..<end]
    }

    private func suffix(bytes limit: Int) -> Substring {
        guard limit > 0 else { return "" }
        var start = utf8.index(endIndex, offsetBy: -limit)
        while start < endIndex, utf8[start] & 0xC0 == 0x80 { start = utf8.index(after: start) }
        return self[start...]
    }
}
