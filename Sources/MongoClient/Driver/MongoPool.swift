import AsyncSupport
internal import CMongoC

/// Owns libmongoc's pool of clients. Its own threads, which watch the servers, start with the first client taken.
final class MongoPool: @unchecked Sendable {
    // @unchecked: the pool is safe for threads; it is never changed after init.
    private let raw: OpaquePointer
    private let threads: WorkerThreads
    private let redaction: Redaction

    /// May look up names, so it must run on a worker thread. Throws `MongoError` (invalidURI, unavailable).
    init(_ uri: MongoURI, options: MongoOptions, threads: WorkerThreads) throws(MongoError) {
        var error = bson_error_t()
        guard let parsed = mongoc_uri_new_with_error(uri.text, &error) else {
            throw MongoError(error, reply: nil, redaction: uri.redaction)
        }
        defer { mongoc_uri_destroy(parsed) }
        for (name, value) in options.defaults where !mongoc_uri_has_option(parsed, name) {
            _ = mongoc_uri_set_option_as_int32(parsed, name, value)
        }
        if !mongoc_uri_has_option(parsed, MONGOC_URI_RETRYWRITES) {
            _ = mongoc_uri_set_option_as_bool(parsed, MONGOC_URI_RETRYWRITES, true)
        }
        guard let raw = mongoc_client_pool_new_with_error(parsed, &error) else {
            throw MongoError(error, reply: nil, redaction: uri.redaction)
        }
        mongoc_client_pool_set_error_api(raw, 2)
        if !mongoc_uri_has_option(parsed, MONGOC_URI_APPNAME) {
            mongoc_client_pool_set_appname(raw, options.applicationName)
        }
        self.raw = raw
        self.threads = threads
        redaction = uri.redaction
    }

    deinit {
        // It joins the threads that watch the servers.
        let pool = Abandoned(pointer: raw)
        threads.post { mongoc_client_pool_destroy(pool.pointer) }
    }

    /// Takes a client; blocks. Throws `MongoError` (timeout) where all are in use for too long.
    func lease() throws(MongoError) -> LeasedClient {
        guard let client = mongoc_client_pool_pop(raw) else {
            throw MongoError(kind: .timeout, message: "All connections to MongoDB are in use")
        }
        return LeasedClient(stealing: client, from: self)
    }

    fileprivate func giveBack(_ client: OpaquePointer) { mongoc_client_pool_push(raw, client) }

    func error(_ error: bson_error_t, reply: BSONDocument?) -> MongoError {
        MongoError(error, reply: reply, redaction: redaction)
    }

    func error(reply: BSONDocument, isWriteConcern: Bool = false, labels: Set<String>) -> MongoError {
        MongoError(reply: reply, labels: labels, isWriteConcern: isWriteConcern, redaction: redaction)
    }
}

/// A client of the pool, for one thread at a time; goes back when it is dropped, which doesn't block.
final class LeasedClient: @unchecked Sendable {
    // @unchecked: who holds it sees to it that one thread at a time uses it.
    let raw: OpaquePointer
    let pool: MongoPool

    fileprivate init(stealing raw: OpaquePointer, from pool: MongoPool) {
        self.raw = raw
        self.pool = pool
    }

    deinit { pool.giveBack(raw) }
}

/// A C object on its way to the thread that frees it; nobody else has it any more.
struct Abandoned: @unchecked Sendable {
    let pointer: OpaquePointer
}
