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
