/// Steps through the elements of one well-formed document.
package struct BSONReader {
    /// An element; its value is made when it is asked for.
    package struct Element {
        package let type: BSONType
        package let keyBytes: ArraySlice<UInt8>
        /// The bytes of the value alone.
        package let content: ArraySlice<UInt8>
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    /// `document`: length and final zero included.
    package init(_ document: ArraySlice<UInt8>) {
        bytes = document
        position = document.startIndex + 4
    }

    package mutating func next() -> Element? {
        guard position < bytes.endIndex - 1, let type = BSONType(rawValue: bytes[position]) else { return nil }
        let keyStart = position + 1
        let keyEnd = bytes[keyStart...].firstIndex(of: 0) ?? bytes.endIndex
        let start = keyEnd + 1
        position = start + Self.length(of: type, in: bytes[start...])
        return Element(
            type: type, keyBytes: bytes[keyStart..<keyEnd], content: bytes[start..<position])
    }

    /// How many bytes the value takes with which `bytes` begin.
    private static func length(of type: BSONType, in bytes: ArraySlice<UInt8>) -> Int {
        switch type {
        case .undefined, .null, .minKey, .maxKey: 0
        case .bool: 1
        case .int32: 4
        case .double, .date, .timestamp, .int64: 8
        case .objectID: 12
        case .decimal128: 16
        case .document, .array, .javaScriptWithScope: bytes.length
        case .string, .javaScript, .symbol: 4 + bytes.length
        case .binary: 5 + bytes.length
        case .databasePointer: 4 + bytes.length + 12
        case .regularExpression:
            // Two texts, each up to a zero.
            bytes.drop { $0 != 0 }.dropFirst().drop { $0 != 0 }.startIndex + 1 - bytes.startIndex
        }
    }
}

extension BSONReader.Element {
    package var key: String { String(decoding: keyBytes, as: UTF8.self) }

    package var value: BSONValue {
        switch type {
        case .double: .double(Double(bitPattern: content.littleEndian()))
        case .string: .string(text)
        case .document: .document(document)
        case .array: .array(document.map(\.value))
        case .binary: .binary(binary)
        case .undefined: .undefined
        case .objectID: .objectID(BSONObjectID(twelve: content))
        case .bool: .bool(content.first == 1)
        case .date: .date(milliseconds: content.littleEndian())
        case .null: .null
        case .regularExpression: regularExpression
        case .databasePointer:
            .databasePointer(namespace: text, id: BSONObjectID(twelve: content.suffix(12)))
        case .javaScript: .javaScript(text)
        case .symbol: .symbol(text)
        case .javaScriptWithScope: javaScriptWithScope
        case .int32: .int32(content.littleEndian())
        case .timestamp: .timestamp(seconds: content.dropFirst(4).littleEndian(), increment: content.littleEndian())
        case .int64: .int64(content.littleEndian())
        case .decimal128: .decimal128(decimal128)
        case .minKey: .minKey
        case .maxKey: .maxKey
        }
    }

    /// The text with which the content begins.
    var text: String { Self.text(content) }

    package var document: BSONDocument { BSONDocument(trusting: Array(content)) }

    package var decimal128: BSONDecimal128 {
        BSONDecimal128(high: content.dropFirst(8).littleEndian(), low: content.littleEndian())
    }

    package var binary: BSONBinary {
        let subtype = content[content.startIndex + 4]
        return BSONBinary(Array(content.dropFirst(subtype == 2 ? 9 : 5)), subtype: subtype)
    }

    /// Bytes of the text with which the content begins, without the zero at its end.
    package var textLength: Int { content.length - 1 }

    private static func text(_ content: ArraySlice<UInt8>) -> String {
        let start = content.startIndex + 4
        return String(decoding: content[start..<start + content.length - 1], as: UTF8.self)
    }

    private var regularExpression: BSONValue {
        let parts = content.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        return .regularExpression(
            pattern: String(decoding: parts[0], as: UTF8.self), options: String(decoding: parts[1], as: UTF8.self))
    }

    private var javaScriptWithScope: BSONValue {
        let code = content.dropFirst(4)
        let scope = code.dropFirst(4 + code.length)
        return .javaScriptWithScope(Self.text(code), BSONDocument(trusting: Array(scope)))
    }
}

extension ArraySlice<UInt8> {
    /// The length that four bytes tell.
    var length: Int { Int(littleEndian() as Int32) }

    /// The number with which the slice begins. It must be long enough.
    func littleEndian<Value: FixedWidthInteger>() -> Value {
        let size = MemoryLayout<Value>.size
        precondition(count >= size)
        return withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(as: Value.self)) }
    }
}
