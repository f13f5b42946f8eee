/// Writes documents into one run of bytes; nested ones in place, their lengths filled in afterwards.
package struct BSONWriter {
    private(set) var bytes: [UInt8]

    /// Begins a document.
    package init() {
        bytes = []
        bytes.reserveCapacity(512)
        _ = begin()
    }

    /// Nothing yet, not even the beginning of a document.
    static var bare: BSONWriter {
        var writer = BSONWriter(continuing: [0])
        writer.bytes.reserveCapacity(512)
        return writer
    }

    /// Goes on after the last element of a document.
    init(continuing document: [UInt8]) {
        bytes = document
        bytes.removeLast()
    }

    /// Closes the outermost document and returns its bytes.
    package consuming func finished() -> [UInt8] {
        end(0)
        return bytes
    }

    /// Begins a nested document at the end of what is written; returns where, for `end`.
    package mutating func begin() -> Int {
        bytes.append(littleEndian: UInt32(0))
        return bytes.count - 4
    }

    package mutating func end(_ start: Int) {
        bytes.append(0)
        setLength(at: start)
    }

    private mutating func setLength(at start: Int) {
        let length = UInt32(bytes.count - start)
        for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> (8 * index)) }
    }

    /// As `appendHead(_:key:)`, of a key that needn't be UTF-8. It must not hold a zero byte.
    package mutating func appendHead(_ type: BSONType, keyBytes: ArraySlice<UInt8>) {
        bytes.append(type.rawValue)
        bytes.append(contentsOf: keyBytes)
        bytes.append(0)
    }

    /// Of the outermost document, while it is the only one that is open.
    package var isEmpty: Bool { bytes.count == 4 }

    /// Writes what precedes each value; returns where its type is, for `setType`.
    @discardableResult
    package mutating func appendHead(_ type: BSONType, key: String) -> Int {
        bytes.append(type.rawValue)
        appendKey(key)
        return bytes.count - 1 - key.utf8.count - 1
    }

    package mutating func appendRaw(_ content: some Collection<UInt8>) { bytes.append(contentsOf: content) }

    mutating func setType(_ type: BSONType, at position: Int) { bytes[position] = type.rawValue }

    /// A key ends at its first zero byte and so can't hold one; `BSONEncoder` refuses such a key before it comes here.
    private mutating func appendKey(_ key: String) {
        bytes.append(contentsOf: key.utf8)
        bytes.append(0)
    }

    package mutating func append(_ value: BSONValue, forKey key: String) {
        appendHead(value.type, key: key)
        appendContent(value)
    }

    mutating func appendContent(_ value: BSONValue) {
        switch value {
        case .double(let value): bytes.append(littleEndian: value.bitPattern)
        case .string(let value), .javaScript(let value), .symbol(let value): appendText(value)
        case .document(let value): bytes.append(contentsOf: value.bytes)
        case .array(let values):
            let start = begin()
            for (index, value) in values.enumerated() { append(value, forKey: "\(index)") }
            end(start)
        case .binary(let value): appendBinary(value)
        case .objectID(let value): bytes.append(contentsOf: value.bytes)
        case .bool(let value): bytes.append(value ? 1 : 0)
        case .date(let milliseconds): bytes.append(littleEndian: milliseconds)
        case .regularExpression(let pattern, let options):
            appendKey(pattern)
            appendKey(options)
        case .databasePointer(let namespace, let id):
            appendText(namespace)
            bytes.append(contentsOf: id.bytes)
        case .javaScriptWithScope(let code, let scope):
            let start = begin()
            appendText(code)
            bytes.append(contentsOf: scope.bytes)
            // This one has a length and no zero at its end.
            setLength(at: start)
        case .int32(let value): bytes.append(littleEndian: value)
        case .timestamp(let seconds, let increment):
            bytes.append(littleEndian: increment)
            bytes.append(littleEndian: seconds)
        case .int64(let value): bytes.append(littleEndian: value)
        case .decimal128(let value):
            bytes.append(littleEndian: value.low)
            bytes.append(littleEndian: value.high)
        case .undefined, .null, .minKey, .maxKey: break
        }
    }

    mutating func appendText(_ text: String) {
        bytes.append(littleEndian: UInt32(text.utf8.count + 1))
        bytes.append(contentsOf: text.utf8)
        bytes.append(0)
    }

    mutating func appendBinary(_ value: BSONBinary) {
        // The old subtype 2 says its length twice.
        let isOld = value.subtype == 2
        bytes.append(littleEndian: UInt32(value.bytes.count + (isOld ? 4 : 0)))
        bytes.append(value.subtype)
        if isOld { bytes.append(littleEndian: UInt32(value.bytes.count)) }
        bytes.append(contentsOf: value.bytes)
    }
}

extension BSONValue {
    var type: BSONType {
        switch self {
        case .double: .double
        case .string: .string
        case .document: .document
        case .array: .array
        case .binary: .binary
        case .undefined: .undefined
        case .objectID: .objectID
        case .bool: .bool
        case .date: .date
        case .null: .null
        case .regularExpression: .regularExpression
        case .databasePointer: .databasePointer
        case .javaScript: .javaScript
        case .symbol: .symbol
        case .javaScriptWithScope: .javaScriptWithScope
        case .int32: .int32
        case .timestamp: .timestamp
        case .int64: .int64
        case .decimal128: .decimal128
        case .minKey: .minKey
        case .maxKey: .maxKey
        }
    }
}

extension [UInt8] {
    mutating func append(littleEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
