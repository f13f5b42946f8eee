package import BSON

/// Turns `Encodable` values into documents.
///
/// `Int` and `Int64` become 64 bits wide, `Int32` and narrower 32; `Date` a date to the millisecond, `Data` and `[UInt8]`
/// binary, `BSONDecimal128` a decimal number. Absent optionals leave no trace.
package struct BSONEncoder: Sendable {
    package init() {}

    /// Throws `MongoError` (coding) where the value isn't a document, or BSON can't hold a part of it.
    package func encode(_ value: some Encodable) throws(MongoError) -> BSONDocument {
        do { return try BSONDocument(encoding: value) } catch { throw MongoError(coding: error) }
    }
}

/// Turns documents into `Decodable` values: the inverse of `BSONEncoder`.
///
/// A whole number is read from either width where it fits, and never from a double.
package struct BSONDecoder: Sendable {
    package init() {}

    /// Throws `MongoError` (coding) with the way to what doesn't fit.
    package func decode<Value: Decodable>(_ type: Value.Type, from document: BSONDocument) throws(MongoError) -> Value {
        do { return try document.decoded(as: type) } catch { throw MongoError(coding: error) }
    }
}
