internal import CMongoC

/// A decimal number of up to 34 digits, exactly as it is written: for money.
package struct BSONDecimal128: Hashable, Sendable, CustomStringConvertible {
    /// IEEE 754-2008 decimal128, binary integer significand.
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads such as `-1234.50`, `1E+3`, `Infinity` or `NaN`; nil where it is no number, or couldn't be kept exactly.
    package init?(_ text: String) {
        var value = bson_decimal128_t()
        guard !text.utf8.contains(0), bson_decimal128_from_string(text, &value) else { return nil }
        high = value.high
        low = value.low
    }

    /// With the digits it was written with: `1.10` stays `1.10`.
    package var description: String {
        var value = bson_decimal128_t()
        value.high = high
        value.low = low
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(BSON_DECIMAL128_STRING)) { buffer in
            guard let text = buffer.baseAddress else { return "" }
            bson_decimal128_to_string(&value, text)
            return String(cString: text)
        }
    }
}

extension BSONDecimal128: Codable {
    /// From its text, in formats other than BSON.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = BSONDecimal128(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not a decimal number")
        }
        self = value
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
