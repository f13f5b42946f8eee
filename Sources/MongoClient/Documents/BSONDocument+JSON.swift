// Talking to MongoDB takes BSON: what imports this library has its values, too.
@_exported public import BSON
internal import CMongoC

extension BSONDocument: CustomStringConvertible {
    package var description: String { extendedJSON }

    /// MongoDB's canonical extended JSON, as libbson writes it: for people and tests.
    package var extendedJSON: String {
        bytes.withUnsafeBufferPointer { buffer in
            guard let text = cmongoc_canonical_json(buffer.baseAddress, buffer.count) else { return "(malformed)" }
            defer { bson_free(text) }
            return String(cString: text)
        }
    }

    /// Reads extended JSON; throws `MongoError` (malformed) where it is none.
    package init(extendedJSON text: String) throws(MongoError) {
        var document = cmongoc_document()
        var error = bson_error_t()
        guard cmongoc_from_json(text, &document, &error) else { throw .malformed }
        self = try BSONDocument(stealing: document)
    }

    /// Copies a document that libbson allocated, and frees it.
    init(stealing document: cmongoc_document) throws(MongoError) {
        defer { bson_free(document.data) }
        try self.init(validating: Array(UnsafeBufferPointer(start: document.data, count: Int(document.length))))
    }
}
