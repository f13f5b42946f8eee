import KubernetesModel
import MongoClient
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import TestSupport
import Testing

/// What of the record's collections can't be set up keeps nothing from being stored.
@Suite(.services(.mongodb)) struct MongoSetUpTests {
    let bench: MongoBench

    init() throws { bench = try MongoBench(try .current) }

    @Test func anIndexThatIsInTheWayIsToldAndKeepsNoOtherFromBeingMade() async throws {
        let conflicting = MongoIndex(name: "phase", keys: ["somethingElse": 1])
        try await bench.collection("reports").createIndexes([conflicting])
        let troubles = try await bench.store.prepare()
        #expect(troubles.count == 1)
        let text = troubles.first?.description ?? ""
        #expect(text.hasPrefix("The index phase of reports can't be made: "), "\(text)")
        #expect(text.contains("drop it, and it is made anew"), "\(text)")
        #expect(try await indexes("reports").isSuperset(of: ["createdAt", "pipeline", "namespace-name"]))
        #expect(try await indexes("report_events").isSuperset(of: ["request", "at"]))
        try await expectThatRecordsAreKept()

        try await bench.client.run(["dropIndexes": "reports", "index": "phase"], in: bench.database)
        #expect(try await bench.store.prepare().isEmpty)
        #expect(try await indexes("reports").contains("phase"))
    }

    @Test func aUserThatMayOnlyReadAndWriteKeepsRecordsAllTheSame() async throws {
        try await bench.store.prepare()
        let writer = try await user(roles: ["readWrite"])
        let troubles = try await writer.prepare()
        #expect(troubles.map(\.cause.kind) == Array(repeating: .unauthorized, count: troubles.count))
        #expect(troubles.first?.description.contains("The collection reports can't be set up") == true)
        let request = RequestLife.states()[5]
        try await writer.save(request)
        #expect(try await writer.record(uid: request.metadata.uid)?.phase == .running)
    }

    private func expectThatRecordsAreKept() async throws {
        let states = RequestLife.states(uid: "kept")
        for state in states { try await bench.store.save(state) }
        #expect(try await bench.store.record(uid: "kept")?.phase == .succeeded)
    }

    private func indexes(_ collection: String) async throws -> Set<String> {
        let reply = try await bench.client.run(["listIndexes": .string(collection)], in: bench.database)
        let batch = reply["cursor"]?.document?["firstBatch"]?.array ?? []
        return Set(batch.compactMap { $0.document?["name"]?.string })
    }

    /// The store as a user sees it who has those roles in the test's database and no other.
    private func user(roles: [String]) async throws -> ReportStore {
        let name = "limited-\(bench.database)"
        let grants = roles.map { BSONValue.document(["role": .string($0), "db": .string(bench.database)]) }
        try await bench.client.run(
            ["createUser": .string(name), "pwd": "limited", "roles": .array(grants)], in: bench.database)
        let admin = try LiveServices.current.value("MONGODB_ADMIN_URI")
        let host = admin.split(separator: "@").last ?? ""
        let parts = host.split(separator: "?", maxSplits: 1)
        let options = (parts.count > 1 ? parts[1].split(separator: "&") : []).filter { !$0.hasPrefix("authSource=") }
        let address = parts[0].prefix { $0 != "/" }
        let query = (options.map(String.init) + ["authSource=\(bench.database)"]).joined(separator: "&")
        let uri = try MongoURI("mongodb://\(name):limited@\(address)/?\(query)")
        return ReportStore(
            client: MongoClient(uri, options: MongoBench.impatient, logger: MongoBench.logger),
            database: bench.database)
    }
}
