/// One collection. Making one costs nothing and asks no server.
package struct MongoCollection: Sendable {
    package let client: MongoClient
    package let database: String
    package let name: String

    /// Carries a batch of writes out, in any number of messages. Throws what struck the whole batch; what struck single
    /// writes is in the result.
    ///
    /// `ordered`: whether the first failure ends it.
    package func write(
        _ writes: [MongoWrite], ordered: Bool = false, concern: MongoWriteConcern? = nil
    ) async throws(MongoError) -> MongoWriteResult {
        try await client.withClient { [database, name] client throws(MongoError) in
            try client.write(writes, ordered: ordered, concern: concern, database: database, collection: name)
        }
    }

    package func insert(_ value: some Encodable, concern: MongoWriteConcern? = nil) async throws(MongoError) {
        try await insert(try BSONEncoder().encode(value), concern: concern)
    }

    package func insert(_ document: BSONDocument, concern: MongoWriteConcern? = nil) async throws(MongoError) {
        if let failure = try await write([.insert(document)], concern: concern).errors.first { throw failure.error }
    }

    /// Inserts all that can be; the result tells what couldn't.
    package func insert(
        unordered values: [some Encodable], concern: MongoWriteConcern? = nil
    ) async throws(MongoError) -> MongoWriteResult {
        var documents: [BSONDocument] = []
        for value in values { documents.append(try BSONEncoder().encode(value)) }
        return try await insert(unordered: documents, concern: concern)
    }

    package func insert(
        unordered documents: [BSONDocument], concern: MongoWriteConcern? = nil
    ) async throws(MongoError) -> MongoWriteResult {
        try await write(documents.map(MongoWrite.insert), concern: concern)
    }

    /// Changes one document that matches; with `upsert`, makes one where none does.
    @discardableResult
    package func update(
        _ filter: BSONDocument, with update: BSONDocument, upsert: Bool = false, concern: MongoWriteConcern? = nil
    ) async throws(MongoError) -> MongoWriteResult {
        let writes = [MongoWrite.update(filter: filter, update: update, upsert: upsert)]
        let result = try await write(writes, concern: concern)
        if let failure = result.errors.first { throw failure.error }
        return result
    }

    /// How many documents match.
    package func count(_ filter: BSONDocument = [:]) async throws(MongoError) -> Int {
        try await client.withClient { [database, name] client throws(MongoError) in
            Int(try client.count(filter, database: database, collection: name))
        }
    }
}
