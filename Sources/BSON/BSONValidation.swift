/// Whether bytes are one whole document, so that readers need not check again.
enum BSONValidation {
    /// MongoDB itself nests 100 deep at most; what is deeper is an attack on our stack.
    private static let maximumDepth = 200

    static func isDocument(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var position = 0
        return document(bytes, &position, end: bytes.count, depth: 0) && position == bytes.count
    }

    private static func document(
        _ bytes: UnsafeRawBufferPointer, _ position: inout Int, end: Int, depth: Int
    ) -> Bool {
        guard depth <= maximumDepth, let length = length(bytes, position, end: end), length >= 5,
            length <= end - position, bytes[position + length - 1] == 0
        else { return false }
        let last = position + length - 1
        position += 4
        while position < last {
            guard let type = BSONType(rawValue: bytes[position]) else { return false }
            position += 1
            guard key(bytes, &position, end: last), value(type, bytes, &position, end: last, depth: depth) else {
                return false
            }
        }
        guard position == last else { return false }
        position += 1
        return true
    }

    private static func value(
        _ type: BSONType, _ bytes: UnsafeRawBufferPointer, _ position: inout Int, end: Int, depth: Int
    ) -> Bool {
        switch type {
        case .undefined, .null, .minKey, .maxKey: return true
        case .bool: return position < end && bytes[position] <= 1 && skip(1, &position, end: end)
        case .int32: return skip(4, &position, end: end)
        case .double, .date, .timestamp, .int64: return skip(8, &position, end: end)
        case .objectID: return skip(12, &position, end: end)
        case .decimal128: return skip(16, &position, end: end)
        case .document, .array: return document(bytes, &position, end: end, depth: depth + 1)
        case .string, .javaScript, .symbol: return text(bytes, &position, end: end)
        case .databasePointer: return text(bytes, &position, end: end) && skip(12, &position, end: end)
        case .regularExpression: return key(bytes, &position, end: end) && key(bytes, &position, end: end)
        case .binary:
            guard let length = length(bytes, position, end: end), length >= 0, end - position > 4 else { return false }
            if bytes[position + 4] == 2 {
                guard self.length(bytes, position + 5, end: end) == length - 4 else { return false }
            }
            return skip(5 + length, &position, end: end)
        case .javaScriptWithScope:
            guard let length = length(bytes, position, end: end), length >= 14, length <= end - position else {
                return false
            }
            let last = position + length
            position += 4
            return text(bytes, &position, end: last) && document(bytes, &position, end: last, depth: depth + 1)
                && position == last
        }
    }

    /// A text up to a zero.
    private static func key(_ bytes: UnsafeRawBufferPointer, _ position: inout Int, end: Int) -> Bool {
        while position < end {
            position += 1
            if bytes[position - 1] == 0 { return true }
        }
        return false
    }

    /// A text with its length before it, which counts the zero at its end.
    private static func text(_ bytes: UnsafeRawBufferPointer, _ position: inout Int, end: Int) -> Bool {
        guard let length = length(bytes, position, end: end), length >= 1, length <= end - position - 4,
            bytes[position + 3 + length] == 0
        else { return false }
        position += 4 + length
        return true
    }

    private static func skip(_ count: Int, _ position: inout Int, end: Int) -> Bool {
        guard count <= end - position else { return false }
        position += count
        return true
    }

    private static func length(_ bytes: UnsafeRawBufferPointer, _ position: Int, end: Int) -> Int? {
        guard end - position >= 4 else { return nil }
        return Int(Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Int32.self)))
    }
}
