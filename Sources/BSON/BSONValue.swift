/// Any value of a document.
package enum BSONValue: Hashable, Sendable {
    case double(Double)
    case string(String)
    case document(BSONDocument)
    case array([BSONValue])
    case binary(BSONBinary)
    case undefined
    case objectID(BSONObjectID)
    case bool(Bool)
    /// Milliseconds since 1970-01-01T00:00:00Z.
    case date(milliseconds: Int64)
    case null
    case regularExpression(pattern: String, options: String)
    case databasePointer(namespace: String, id: BSONObjectID)
    case javaScript(String)
    case symbol(String)
    case javaScriptWithScope(String, BSONDocument)
    case int32(Int32)
    /// The server's own clock: seconds, and a number within the second.
    case timestamp(seconds: UInt32, increment: UInt32)
    case int64(Int64)
    case decimal128(BSONDecimal128)
    case minKey
    case maxKey
}

/// Bytes, and what they are of: 0 for any bytes, 4 for a UUID, … (the BSON specification's subtypes).
package struct BSONBinary: Hashable, Sendable {
    package var subtype: UInt8
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8], subtype: UInt8 = 0) {
        self.bytes = bytes
        self.subtype = subtype
    }
}

/// Twelve bytes that MongoDB makes up where a document has no id of its own.
package struct BSONObjectID: Hashable, Sendable, CustomStringConvertible {
    /// Exactly twelve.
    package let bytes: [UInt8]

    /// Nil unless there are twelve bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == 12 else { return nil }
        self.bytes = bytes
    }

    init(twelve bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

    /// The least of those that were made from that second on.
    package static func first(ofSecond second: Int64) -> BSONObjectID {
        BSONObjectID(second: UInt32(clamping: second), rest: (0, 0))
    }

    /// The time, then what tells it from others of that second. Source: MongoDB's specification of ObjectID.
    package init(second: UInt32, rest: (UInt32, UInt32)) {
        bytes = [second, rest.0, rest.1].flatMap { word in withUnsafeBytes(of: word.bigEndian, Array.init) }
    }

    /// In hexadecimal.
    package var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension BSONValue {
    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var document: BSONDocument? {
        if case .document(let value) = self { value } else { nil }
    }

    package var array: [BSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// A whole number of either width, or a double without a fraction: servers answer with all three.
    package var integer: Int64? {
        switch self {
        case .int32(let value): Int64(value)
        case .int64(let value): value
        case .double(let value): Int64(exactly: value)
        default: nil
        }
    }
}

extension BSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }

    /// 32 bits wide where it fits, as the shell does it.
    package init(integerLiteral value: Int64) { self = Int32(exactly: value).map(BSONValue.int32) ?? .int64(value) }

    package init(booleanLiteral value: Bool) { self = .bool(value) }

    package init(floatLiteral value: Double) { self = .double(value) }

    package init(arrayLiteral elements: BSONValue...) { self = .array(elements) }

    package init(dictionaryLiteral elements: (String, BSONValue)...) { self = .document(BSONDocument(elements)) }
}

/// A decimal number of up to 34 digits, exactly as it is written: for money.
package struct BSONDecimal128: Hashable, Sendable {
    /// IEEE 754-2008 decimal128, binary integer significand.
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
