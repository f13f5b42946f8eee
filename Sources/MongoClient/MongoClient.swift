import AsyncSupport
package import Logging
import Synchronization

/// A MongoDB deployment, by way of libmongoc.
///
/// Nothing is opened before the first call. Calls run on a few threads of the client's own, and each has its limits:
/// those of the connection string, or else of `MongoOptions`. A cancelled task has its answer at once; what it asked for
/// may be done nevertheless.
///
/// For example:
///
///     let client = MongoClient(try MongoURI("mongodb://db:27017/reports?replicaSet=rs0"), logger: logger)
///     let reports = client.collection("reports", in: client.uri.database ?? "reports")
///     for try await report in reports.find(["phase": "Failed"], as: Report.self) { … }
package final class MongoClient: Sendable {
    package let uri: MongoURI
    let options: MongoOptions
    let threads: WorkerThreads
    private let pool = Mutex<MongoPool?>(nil)

    /// The logger also gets what libmongoc itself has to say, of all clients.
    package init(_ uri: MongoURI, options: MongoOptions = MongoOptions(), logger: Logger) {
        MongoGlobal.initialize(logger: logger)
        self.uri = uri
        self.options = options
        threads = WorkerThreads(named: "mongo-calls", limit: options.threadLimit)
    }

    /// To be called by a program that is linked with this library and ends without any clean-up.
    package static func discardCounters() { MongoGlobal.discardCounters() }

    package func collection(_ name: String, in database: String) -> MongoCollection {
        MongoCollection(client: self, database: database, name: name)
    }

    /// Runs any command; returns the server's answer.
    @discardableResult
    package func run(_ command: BSONDocument, in database: String) async throws(MongoError) -> BSONDocument {
        try await withClient { client throws(MongoError) in try client.run(command, in: database) }
    }

    /// Whether a server answers, and takes our name and password.
    package func ping() async throws(MongoError) {
        _ = try await run(["ping": 1], in: uri.database ?? "admin")
    }

    /// As `ping`, by a connection of its own: those that are open outlive a password that holds no longer.
    package func pingAnew() async throws(MongoError) {
        var options = self.options
        options.threadLimit = 1
        try await MongoClient(like: self, options: options).ping()
    }

    private init(like other: MongoClient, options: MongoOptions) {
        uri = other.uri
        self.options = options
        threads = WorkerThreads(named: "mongo-calls", limit: options.threadLimit)
    }

    /// How many threads of the client's own there are now.
    package var threadCount: Int { threads.threadCount }

    /// Runs `body`, which may block, on a thread of ours with a client of the pool.
    func withClient<Value: Sendable>(
        _ body: @escaping @Sendable (LeasedClient) throws(MongoError) -> Value
    ) async throws(MongoError) -> Value {
        try await onThread { pool throws(MongoError) in try body(try pool.lease()) }
    }

    func onThread<Value: Sendable>(
        _ body: @escaping @Sendable (MongoPool) throws(MongoError) -> Value
    ) async throws(MongoError) -> Value {
        try await BlockingCall.run(on: threads, limit: options.queueTimeout) { [self] () throws(MongoError) in
            try body(try openPool())
        }
    }

    private func openPool() throws(MongoError) -> MongoPool {
        let result: Result<MongoPool, MongoError> = pool.withLock { pool in
            if let pool { return .success(pool) }
            do throws(MongoError) {
                let opened = try MongoPool(uri, options: options, threads: threads)
                pool = opened
                return .success(opened)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }
}
