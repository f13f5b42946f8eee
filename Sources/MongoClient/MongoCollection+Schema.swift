/// An index: the keys in their order, 1 for ascending and -1 for descending.
package struct MongoIndex: Sendable {
    package var name: String
    package var keys: BSONDocument
    package var isUnique: Bool
    /// How long after the time in its key a document is deleted by the server; kept when nil.
    package var expiry: Duration?

    package init(name: String, keys: BSONDocument, isUnique: Bool = false, expiry: Duration? = nil) {
        self.name = name
        self.keys = keys
        self.isUnique = isUnique
        self.expiry = expiry
    }

    fileprivate var document: BSONDocument {
        var document: BSONDocument = ["name": .string(name), "key": .document(keys), "unique": .bool(isUnique)]
        if let expiry { document.append(.int64(expiry.components.seconds), forKey: "expireAfterSeconds") }
        return document
    }
}

extension MongoCollection {
    /// Makes the collection, or gives the one that is there this validator. Can be called again.
    package func create(validator: BSONDocument) async throws(MongoError) {
        let create = await result { () async throws(MongoError) in
            try await client.run(
                ["create": .string(name), "validator": .document(validator)], in: database)
        }
        guard case .failure(let error) = create else { return }
        guard error.kind == .alreadyExists else { throw error }
        try await client.run(["collMod": .string(name), "validator": .document(validator)], in: database)
    }

    /// Makes those that aren't there yet. Can be called again; throws `MongoError` (alreadyExists) where an index of that
    /// name has other keys.
    package func createIndexes(_ indexes: [MongoIndex]) async throws(MongoError) {
        let list = indexes.map { BSONValue.document($0.document) }
        try await client.run(["createIndexes": .string(name), "indexes": .array(list)], in: database)
    }

    private func result<Value>(
        _ body: () async throws(MongoError) -> Value
    ) async -> Result<Value, MongoError> {
        do throws(MongoError) { return .success(try await body()) } catch { return .failure(error) }
    }
}
