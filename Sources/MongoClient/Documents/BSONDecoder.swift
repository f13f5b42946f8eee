package import BSON

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
