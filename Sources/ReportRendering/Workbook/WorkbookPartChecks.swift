/// Whether each tag of some XML that begins ends as well.
struct TagBalance {
    private var depth = 0
    private var hasTag = false
    private var isInTag = false
    /// The last two bytes, of which a tag's kind follows.
    private var last: UInt8 = 0

    mutating func take(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if last == UInt8(ascii: "<") {
                isInTag = byte != UInt8(ascii: "?") && byte != UInt8(ascii: "!")
                if isInTag { depth += byte == UInt8(ascii: "/") ? -1 : 1 }
                hasTag = hasTag || isInTag
            } else if byte == UInt8(ascii: ">"), isInTag {
                if last == UInt8(ascii: "/") { depth -= 1 }
                isInTag = false
            }
            last = byte
        }
    }

    var isWhole: Bool { hasTag && depth == 0 && !isInTag && last != UInt8(ascii: "<") }
}

/// Whether a sheet's XML has all of its rows: what is between its beginning and its end is as long as they are.
struct SheetSize {
    private let rows: Int
    private var size = 0
    private var head: [UInt8] = []
    private var tail: [UInt8] = []
    /// Far more than the library writes before and after the rows.
    private static let margin = 1 << 16

    init(rows: Int) { self.rows = rows }

    mutating func take(_ bytes: ArraySlice<UInt8>) {
        size += bytes.count
        if head.count < Self.margin { head += bytes.prefix(Self.margin - head.count) }
        if tail.count > Self.margin { tail.removeFirst(tail.count - Self.margin) }
        let end: ArraySlice<UInt8> = bytes.suffix(Self.margin)
        if end.count == Self.margin { tail.removeAll(keepingCapacity: true) }
        tail.append(contentsOf: end)
    }

    /// A text has no tag of its own: its `<` is `&lt;`.
    var isWhole: Bool {
        let begin = Array("<sheetData>".utf8)
        let end = Array("</sheetData>".utf8)
        let isEnded = tail.suffix(12).elementsEqual("</worksheet>".utf8)
        guard let before = head.firstRange(of: begin)?.upperBound,
            let after = tail.ranges(of: end).last.map({ tail.count - $0.lowerBound })
        else { return rows == 0 && isEnded }
        return size == before + rows + after && isEnded
    }
}
