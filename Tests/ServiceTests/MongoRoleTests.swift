import ArchiveFiles
import Foundation
import KubernetesModel
import MongoClient
import ReportAPI
import ReportArchive
import ReportRecords
import ReportStores
import ServiceSupport
import TestSupport
import Testing

/// Who may write what: the roles of manifests/samples/mongodb/roles.json, as the services' users have them.
@Suite(.services(.mongodb)) struct MongoRoleTests {
    enum User: String, CaseIterable {
        case `operator` = "MONGODB_URI"
        case stages = "MONGODB_STAGES_URI"
        case courier = "MONGODB_COURIER_URI"
        case reader = "MONGODB_READER_URI"

        func client() throws -> MongoClient {
            let uri = try MongoURI(LiveServices.current.value(rawValue))
            return MongoClient(uri, options: MongoBench.impatient, logger: MongoBench.logger)
        }
    }

    enum Right: CaseIterable { case find, insert, update, remove }

    /// All that each may do; everything else is refused.
    static let granted: [User: [String: Set<Right>]] = [
        .operator: [
            "reports": [.find, .insert, .update], "report_events": [.find, .insert, .update],
            "report_logs": [.find, .insert, .update], "report_rows": [.find], "report_results": [.find],
            "report_files.files": [.find], "report_files.chunks": [.find], "report_stage_files.files": [.find],
            "report_stage_files.chunks": [.find], "report_deliveries": [.find], "report_tickets": [.find],
            // reportctl asks for files as the operator, where it is told of no other user.
            "report_wanted": [.find, .insert], "report_archives": [.find], "report_tombstones": [.find],
        ],
        .stages: [
            "report_rows": [.find, .insert, .update], "report_results": [.find, .insert, .update],
            "report_stage_files.files": [.insert], "report_stage_files.chunks": [.insert],
        ],
        .courier: [
            "reports": [.find], "report_events": [.find], "report_logs": [.find], "report_rows": [.find],
            "report_results": [.find], "report_files.files": [.find, .insert, .remove],
            "report_files.chunks": [.find, .insert, .remove], "report_stage_files.files": [.find],
            "report_stage_files.chunks": [.find], "report_deliveries": [.find, .insert, .update],
            "report_tickets": [.find, .insert, .update], "report_wanted": [.find, .update], "report_archives": [.find],
            "report_tombstones": [.find],
        ],
        .reader: [
            "reports": [.find], "report_events": [.find], "report_logs": [.find], "report_rows": [.find],
            "report_results": [.find], "report_files.files": [.find], "report_files.chunks": [.find],
            "report_stage_files.files": [.find], "report_stage_files.chunks": [.find],
            "report_deliveries": [.find], "report_tickets": [.find], "report_wanted": [.find, .insert],
            "report_archives": [.find], "report_tombstones": [.find],
        ],
    ]

    @Test(arguments: User.allCases) func mayDoWhatItNeedsAndNothingElse(user: User) async throws {
        // Their validators keep what is tried from being kept.
        try await ReportStore(client: try User.operator.client(), database: "reports").prepare()
        let client = try user.client()
        try await hold(client, to: Self.granted[user] ?? [:], "\(user)")
    }

    private func hold(_ client: MongoClient, to granted: [String: Set<Right>], _ user: String) async throws {
        let collections = try #require(Self.granted[.reader]).keys
        for collection in collections {
            for right in Right.allCases {
                let isAllowed = try await can(right, collection, client)
                let isGranted = granted[collection]?.contains(right) ?? false
                #expect(isAllowed == isGranted, "\(user) \(right) \(collection)")
            }
        }
    }

    /// The services have no user of that role, so this makes one as docs/archive.md says.
    @Test func theArchivistReadsAllTellsWhatHasChangedAndImports() async throws {
        try await ReportStore(client: try User.operator.client(), database: "reports").prepare()
        let client = try await newUser("archivist", roles: ["reportsArchivist"])
        let (insert, both): (Set<Right>, Set<Right>) = ([.find, .insert], [.find, .insert, .update])
        try await hold(
            client,
            to: [
                "reports": both, "report_events": insert, "report_logs": both, "report_results": both,
                "report_rows": insert, "report_deliveries": both, "report_files.files": insert,
                "report_files.chunks": insert, "report_stage_files.files": insert,
                "report_stage_files.chunks": insert, "report_tickets": [.find], "report_wanted": [.find],
                "report_archives": both,
                "report_tombstones": insert,
            ], "archivist")
        let store = ReportStore(client: client, database: "reports").archive
        let now = try #require(try await store.now())
        #expect(try await store.changed(since: now, until: now) != nil)
    }

    @Test func whoOffloadsRemovesRowsAndFilesToo() async throws {
        try await ReportStore(client: try User.operator.client(), database: "reports").prepare()
        let client = try await newUser("offloader", roles: ["reportsArchivist", "reportsOffloader"])
        let (goods, both): (Set<Right>, Set<Right>) = ([.find, .insert, .remove], [.find, .insert, .update])
        try await hold(
            client,
            to: [
                "reports": both, "report_events": [.find, .insert], "report_logs": both, "report_results": both,
                "report_rows": goods, "report_deliveries": both, "report_files.files": goods,
                "report_files.chunks": goods, "report_stage_files.files": goods,
                "report_stage_files.chunks": goods, "report_tickets": [.find], "report_wanted": [.find],
                "report_archives": both,
                "report_tombstones": [.find, .insert],
            ], "offloader")
    }

    @Test func courierThatWasGivenTheArchiveWritesWhatComesBack() async throws {
        try await ReportStore(client: try User.operator.client(), database: "reports").prepare()
        let client = try await newUser("restorer", roles: ["reportsCourier", "reportsRestorer"])
        let files: Set<Right> = [.find, .insert, .remove]
        try await hold(
            client,
            to: [
                "reports": [.find], "report_events": [.find], "report_logs": [.find],
                "report_results": [.find, .update], "report_rows": [.find, .insert],
                "report_deliveries": [.find, .insert, .update], "report_files.files": files,
                "report_files.chunks": files, "report_stage_files.files": [.find, .insert],
                "report_stage_files.chunks": [.find, .insert], "report_tickets": [.find, .insert, .update],
                "report_wanted": [.find, .update],
                "report_archives": [.find], "report_tombstones": [.find],
            ], "restorer")
    }

    @Test func whoErasesChangesWhatNamesPeopleAndNoRowOrFile() async throws {
        try await ReportStore(client: try User.operator.client(), database: "reports").prepare()
        let client = try await newUser("eraser", roles: ["reportsEraser"])
        try await hold(
            client,
            to: [
                "reports": [.find, .update], "report_events": [.find, .update], "report_logs": [.find],
                "report_results": [.find], "report_rows": [.find], "report_deliveries": [.find, .insert, .remove],
                "report_files.files": [.find], "report_files.chunks": [.find], "report_stage_files.files": [.find],
                "report_stage_files.chunks": [.find], "report_tickets": [.find], "report_wanted": [.find],
                "report_archives": [.find, .insert, .update], "report_tombstones": [.find, .insert],
            ], "eraser")
        // That is enough for all of it.
        let (id, address) = ("erased-\(UUID())", "\(UUID().uuidString.lowercased())@example.com")
        let request = RequestLife.states(uid: id).last.map { state in
            state.spec { $0.requester = .init(name: "D", email: address) }
        }
        let store = ReportStore(client: try User.operator.client(), database: "reports")
        try await store.save(try #require(request))
        let courier = ReportStore(client: try User.courier.client(), database: "reports")
        let copy = DeliveryCopy(
            delivery: id, namespace: "finance", name: "d", reportID: id, channel: "mail", type: "Mail",
            recipient: address, phase: .sent, at: Timestamp.start.date)
        #expect(try await courier.deliveries.write(copy, over: nil))
        let outcome = try await ReportErasure(
            ReportStore(client: client, database: "reports").archive, address: address, archive: nil, key: nil, now: 1
        ).run()
        #expect(outcome.erased[.record] == 1 && outcome.erased[.delivery] == 1)
        #expect(try await store.record(uid: id)?.requester?.email == outcome.tombstone.placeholder)
    }

    private func newUser(_ name: String, roles: [String]) async throws -> MongoClient {
        let address = try LiveServices.current.value("MONGODB_ADMIN_URI")
        let admin = MongoClient(try MongoURI(address), options: MongoBench.impatient, logger: MongoBench.logger)
        try await admin.run(
            [
                "createUser": .string(name), "pwd": "of-a-test",
                "roles": .array(roles.map { ["role": .string($0), "db": "admin"] }),
            ], in: "admin")
        var parts = try #require(URLComponents(string: address))
        (parts.user, parts.password) = (name, "of-a-test")
        let uri = try MongoURI(try #require(parts.string))
        return MongoClient(uri, options: MongoBench.impatient, logger: MongoBench.logger)
    }

    /// Whether the server lets it; nothing is changed by asking, since nothing matches and no validator takes it.
    private func can(_ right: Right, _ name: String, _ client: MongoClient) async throws -> Bool {
        let collection = client.collection(name, in: "reports")
        let nothing: BSONDocument = ["_id": .string("nothing-of-this-id-\(UUID())")]
        let failure: MongoError? = await trouble {
            switch right {
            case .find: _ = try await collection.find(nothing, options: MongoFindOptions(limit: 1)).all()
            case .insert: try await collection.insert(nothing)
            case .update: _ = try await collection.update(nothing, with: ["$set": ["a": 1]])
            case .remove:
                let result = try await collection.write([.delete(filter: nothing)])
                if let failure = result.errors.first { throw failure.error }
            }
        }
        switch failure?.kind {
        case nil, .validation: return true
        case .unauthorized: return false
        default: throw try #require(failure)
        }
    }

    @Test func theOperatorSetsAllUp() async throws {
        let store = ReportStore(client: try User.operator.client(), database: "reports")
        #expect(try await store.prepare().isEmpty)
        let request = RequestLife.states(uid: "role-\(UUID())")[5]
        try await store.save(request)
        #expect(try await store.record(uid: request.metadata.uid)?.phase == .running)
    }
}
