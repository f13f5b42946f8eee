package import BSON
internal import CMongoC

extension BSONDecimal128: CustomStringConvertible {
    /// Reads such as `-1234.50`, `1E+3`, `Infinity` or `NaN`; nil where it isn't a number, or couldn't be kept exactly.
    package init?(_ text: String) {
        var value = bson_decimal128_t()
        guard !text.utf8.contains(0), bson_decimal128_from_string(text, &value) else { return nil }
        self.init(high: value.high, low: value.low)
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
