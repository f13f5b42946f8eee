/// What happens in a collection from now on: a change stream, each change as the server describes it.
///
/// It goes on by itself after what may pass, and ends with any other error. One thread of the client's waits for it.
package struct MongoChanges: Sendable {
    private let client: MongoClient
    private let stream: MongoChangeStream

    /// How long the server waits for a change before it says that there is none; the client's `socketTimeout` is longer.
    private static let patience: Duration = .seconds(30)

    /// Begins now. Stages such as `$match` choose what is wanted.
    ///
    /// Throws `MongoError`; a server that isn't a replica set has no changes, which `next` says.
    package init(_ collection: MongoCollection, stages: [BSONDocument] = []) async throws(MongoError) {
        let client = collection.client
        let (database, name) = (collection.database, collection.name)
        self.client = client
        stream = try await client.onThread { pool throws(MongoError) in
            MongoChangeStream(
                client: try pool.lease(), threads: client.threads, database: database, collection: name,
                stages: stages, patience: Self.patience)
        }
    }

    /// The next change; waits for it.
    package func next() async throws(MongoError) -> BSONDocument {
        while true {
            let change = try await client.onThread { [stream] _ throws(MongoError) in try stream.next() }
            if let change { return change }
        }
    }
}
