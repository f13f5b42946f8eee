package import BSON

extension BSONDocument {
    /// Takes bytes that came from elsewhere. Throws `MongoError` (malformed) where they aren't one whole document.
    package init(validating bytes: [UInt8]) throws(MongoError) {
        guard let document = BSONDocument(wellFormed: bytes) else { throw .malformed }
        self = document
    }
}
