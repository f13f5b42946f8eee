/// What happened in a database since a moment of the server's clock, up to another: a change stream with an end.
package struct MongoPastChanges: Sendable {
    private let client: MongoClient
    private let stream: MongoChangeStream

    /// `patience`: how long the server waits for more. Stages such as `$match` choose what is wanted. `clusterTime` must stay.
    package init(
        _ client: MongoClient, database: String, since: (seconds: UInt32, increment: UInt32),
        stages: [BSONDocument] = [], patience: Duration = .milliseconds(200)
    ) async throws(MongoError) {
        self.client = client
        let start = BSONValue.timestamp(seconds: since.seconds, increment: since.increment)
        stream = try await client.onThread { pool throws(MongoError) in
            MongoChangeStream(
                client: try pool.lease(), threads: client.threads, database: database, stages: stages,
                patience: patience, since: start)
        }
    }

    /// The next change, as the server describes it; nil where all up to then were told.
    package func next(until: (seconds: UInt32, increment: UInt32)) async throws(MongoError) -> BSONDocument? {
        while true {
            let (change, reached) = try await client.onThread { [stream] _ throws(MongoError) in
                (try stream.next(), stream.reached)
            }
            if let change {
                guard case .timestamp(let seconds, let increment) = change["clusterTime"] else { return change }
                return (seconds, increment) <= until ? change : nil
            }
            // A server that reads much that isn't wanted says in between that it has nothing yet.
            guard let reached else {
                let message = "The server doesn't say how far its changes are read"
                throw MongoError(kind: .other, code: 286, message: message)
            }
            if reached >= until { return nil }
        }
    }

    /// Whether there is a change within that time, or was one before.
    package func hasChange(within limit: Duration) async throws(MongoError) -> Bool {
        let deadline = ContinuousClock.now + limit
        while ContinuousClock.now < deadline {
            let change = try await client.onThread { [stream] _ throws(MongoError) in try stream.next() }
            if change != nil { return true }
        }
        return false
    }
}
