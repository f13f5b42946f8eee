import AsyncSupport
internal import CMongoC
import Synchronization

/// Owns a `mongoc_change_stream_t` and the client that it reads with.
final class MongoChangeStream: @unchecked Sendable {
    // @unchecked: the stream is used only with `turn` held, since a reader that was cancelled returns before its thread
    // does.
    private let raw: OpaquePointer
    private let client: LeasedClient
    private let threads: WorkerThreads
    private let turn = Mutex(())

    /// Blocks: the server is asked at once, so that no change from now on is missed. What it says of it stands in the
    /// first step's error.
    init(
        client: LeasedClient, threads: WorkerThreads, database: String, collection: String, stages: [BSONDocument],
        patience: Duration
    ) {
        let collection = CollectionHandle(stealing: mongoc_client_get_collection(client.raw, database, collection))
        raw = collection.watch(
            ["pipeline": .array(stages.map(BSONValue.document))],
            options: ["fullDocument": "updateLookup", "maxAwaitTimeMS": .int64(Int64(patience.milliseconds))])
        self.client = client
        self.threads = threads
    }

    /// As the other, of all collections, from a moment of the server's clock on.
    init(
        client: LeasedClient, threads: WorkerThreads, database: String, stages: [BSONDocument], patience: Duration,
        since: BSONValue
    ) {
        let pipeline: BSONDocument = ["pipeline": .array(stages.map(BSONValue.document))]
        let options: BSONDocument = [
            "fullDocument": "updateLookup", "maxAwaitTimeMS": .int64(Int64(patience.milliseconds)),
            "startAtOperationTime": since,
        ]
        raw = pipeline.bytes.withUnsafeBufferPointer { pipeline in
            options.bytes.withUnsafeBufferPointer { options in
                cmongoc_watch_database(
                    client.raw, database, pipeline.baseAddress, pipeline.count, options.baseAddress, options.count)
            }
        }
        self.client = client
        self.threads = threads
    }

    deinit {
        // It tells the server, which blocks; the client goes back after it.
        let (stream, client) = (Abandoned(pointer: raw), client)
        threads.post {
            mongoc_change_stream_destroy(stream.pointer)
            withExtendedLifetime(client) {}
        }
    }

    /// The next change; nil where none came in time. Blocks.
    func next() throws(MongoError) -> BSONDocument? {
        let result: Result<BSONDocument?, MongoError> = turn.withLock { _ in
            do throws(MongoError) { return .success(try step()) } catch { return .failure(error) }
        }
        return try result.get()
    }

    /// Up to when all changes were told; nil where the server doesn't say so.
    ///
    /// Source: the server's resume tokens are key strings, which begin with their time: a byte for its type, and then seconds
    /// and increment.
    var reached: (seconds: UInt32, increment: UInt32)? {
        let token: BSONDocument? = turn.withLock { _ in
            var data: UnsafePointer<UInt8>?
            var length: UInt32 = 0
            guard cmongoc_change_token(raw, &data, &length) else { return nil }
            return BSONDocument(wellFormed: Array(UnsafeBufferPointer(start: data, count: Int(length))))
        }
        guard let digits = token?["_data"]?.string, digits.hasPrefix("82"), digits.utf8.count >= 18,
            let time = UInt64(digits.dropFirst(2).prefix(16), radix: 16)
        else { return nil }
        return (UInt32(time >> 32), UInt32(truncatingIfNeeded: time))
    }

    private func step() throws(MongoError) -> BSONDocument? {
        var data: UnsafePointer<UInt8>?
        var length: UInt32 = 0
        if cmongoc_change_next(raw, &data, &length) {
            return try BSONDocument(validating: Array(UnsafeBufferPointer(start: data, count: Int(length))))
        }
        var error = bson_error_t()
        guard cmongoc_change_error(raw, &error, &data, &length) else { return nil }
        guard let data else { throw client.pool.error(error, reply: nil) }
        let reply = try BSONDocument(validating: Array(UnsafeBufferPointer(start: data, count: Int(length))))
        throw client.pool.error(error, reply: reply)
    }
}
