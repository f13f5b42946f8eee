/// An index: the keys in their order, 1 for ascending and -1 for descending.
package struct MongoIndex: Sendable {
    package var name: String
    package var keys: BSONDocument
    package var isUnique: Bool

    package init(name: String, keys: BSONDocument, isUnique: Bool = false) {
        self.name = name
        self.keys = keys
        self.isUnique = isUnique
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
        let list = indexes.map { index in
            BSONValue.document([
                "name": .string(index.name), "key": .document(index.keys), "unique": .bool(index.isUnique),
            ])
        }
        try await client.run(["createIndexes": .string(name), "indexes": .array(list)], in: database)
    }

    private func result<Value>(
        _ body: () async throws(MongoError) -> Value
    ) async -> Result<Value, MongoError> {
        do throws(MongoError) { return .success(try await body()) } catch { return .failure(error) }
    }
}
