package import MongoClient

/// The history of all reports in MongoDB. It is written from requests' states in any order, any number of times: an older
/// state never displaces a newer one, and an event is kept once.
package struct ReportStore: Sendable {
    /// Where everything is: the database that the connection string names, or `reports`.
    package let database: String
    let reports: MongoCollection
    let events: MongoCollection
    let rows: MongoCollection
    let results: MongoCollection
    let logs: MongoCollection
    let client: MongoClient
    /// What was made of reports.
    package let files: FileBucket
    /// What stages have made themselves.
    package let stageFiles: FileBucket
    package let wanted: WantedFiles
    package let deliveries: DeliveryLedger
    package let tickets: TicketLedger
    package let signIns: SignInStore

    /// Timeout for a majority of the members.
    static let concern = MongoWriteConcern.majority(timeout: .seconds(5))

    package init(client: MongoClient, database: String? = nil) {
        let database = database ?? client.uri.database ?? "reports"
        self.client = client
        self.database = database
        reports = client.collection("reports", in: database)
        events = client.collection("report_events", in: database)
        rows = client.collection("report_rows", in: database)
        results = client.collection("report_results", in: database)
        logs = client.collection("report_logs", in: database)
        files = FileBucket("report_files", client: client, database: database)
        wanted = WantedFiles(client: client, database: database)
        deliveries = DeliveryLedger(client: client, database: database)
        tickets = TicketLedger(client: client, database: database)
        signIns = SignInStore(client: client, database: database)
        stageFiles = FileBucket("report_stage_files", client: client, database: database)
    }

    /// Sets collections, validators and indexes up. Can be called again; touches no document.
    ///
    /// Throws when there is no server to do it in. Returns what else could not be set up: records can be kept without it.
    @discardableResult
    package func prepare() async throws(StoreTrouble) -> [StoreTrouble] {
        var troubles: [StoreTrouble] = []
        for part in StoreSchema.parts {
            let collection = client.collection(part.collection, in: database)
            troubles += try await attempt("The collection \(part.collection) can't be set up") {
                () async throws(MongoError) in try await collection.create(validator: part.validator)
            }
            guard !part.indexes.isEmpty else { continue }
            let all = try await attempt("") { () async throws(MongoError) in
                try await collection.createIndexes(part.indexes)
            }
            guard !all.isEmpty else { continue }
            // One that can't be made keeps the others of its call from being made.
            for index in part.indexes {
                troubles += try await attempt("The index \(index.name) of \(part.collection) can't be made") {
                    () async throws(MongoError) in try await collection.createIndexes([index])
                }
            }
        }
        return troubles
    }

    /// Opens a connection of its own, with the address' user and password, for a ping.
    package func signInAnew() async throws(StoreTrouble) {
        try await translated { () async throws(MongoError) in try await client.pingAnew() }
    }

    /// Throws an outage; returns any other failure.
    private func attempt(
        _ what: String, _ body: () async throws(MongoError) -> Void
    ) async throws(StoreTrouble) -> [StoreTrouble] {
        let result: Result<Void, MongoError>
        do throws(MongoError) { result = .success(try await body()) } catch { result = .failure(error) }
        guard case .failure(let error) = result else { return [] }
        let trouble = StoreTrouble(error, database: database, what: what)
        guard !trouble.isOutage, !trouble.isCancelled else { throw trouble }
        return [trouble]
    }

    /// The library's errors, for people.
    func translated<Value>(
        _ body: () async throws(MongoError) -> Value
    ) async throws(StoreTrouble) -> Value {
        try await StoreTrouble.explaining(in: database, body)
    }
}
