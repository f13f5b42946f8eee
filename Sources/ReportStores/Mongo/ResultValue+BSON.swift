package import MongoClient
package import ReportRecords

extension ResultValue {
    package init(_ value: BSONValue) {
        switch value {
        case .null, .undefined: self = .null
        case .bool(let value): self = .bool(value)
        case .int32(let value): self = .integer(Int64(value))
        case .int64(let value): self = .integer(value)
        case .double(let value): self = .double(value)
        case .decimal128(let value): self = ExactDecimal(value).map(Self.decimal) ?? .string(value.description)
        case .string(let value): self = .string(value)
        case .date(let milliseconds): self = .date(milliseconds: milliseconds)
        case .document, .array, .binary, .objectID, .regularExpression, .databasePointer, .javaScript, .symbol,
            .javaScriptWithScope, .timestamp, .minKey, .maxKey:
            self = .other(BSONDocument([("value", value)]).extendedJSON)
        }
    }
}

extension ExactDecimal {
    /// nil for NaN and the infinities.
    ///
    /// Source: IEEE 754-2008, decimal128 with a binary integer significand. A significand beyond 34 digits, or one of
    /// the other form, is not canonical and counts as 0.
    package init?(_ value: BSONDecimal128) {
        let combination = value.high >> 58 & 0x1F
        guard combination < 0b11110 else { return nil }
        let hasLargeSignificand = combination >> 3 == 0b11
        let exponent = Int(value.high >> (hasLargeSignificand ? 47 : 49) & 0x3FFF) - 6176
        let significand = UInt128(value.high & 0x1_FFFF_FFFF_FFFF) << 64 | UInt128(value.low)
        let isCanonical = !hasLargeSignificand && significand < 10_000_000_000_000_000_000_000_000_000_000_000
        self.init(
            isNegative: value.high >> 63 == 1, significand: isCanonical ? significand : 0, exponent: exponent)
    }
}

/// A document of `report_rows` as its bytes.
package enum RowDocument {
    /// Its rows; nil for bytes that are no such document.
    package static func rows(in bytes: [UInt8]) -> [[ResultValue]]? {
        guard let document = try? BSONDocument(validating: bytes) else { return nil }
        return (document["rows"]?.array ?? []).map { row in (row.array ?? []).map(ResultValue.init) }
    }
}
