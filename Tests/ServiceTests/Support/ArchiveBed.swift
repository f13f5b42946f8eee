import ArchiveFiles
import BSON
import ClusterSupport
import Digests
import Foundation
import KubernetesModel
import MongoClient
import ProgramSupport
import ReportAPI
import ReportArchive
import ReportRecords
import ReportStores
import ServiceSupport
import Synchronization
import TestSupport
import Testing

/// A database with reports, and a folder for an archive of them.
final class ArchiveBed: Sendable {
    let bench: MongoBench
    let path: String
    private let services: LiveServices
    /// Databases that go back with this object.
    private let taken: Mutex<[MongoBench]>
    private let keyFiles = Mutex<[String]>([])

    static let now: Int64 = 1_795_254_795_000

    init(_ services: LiveServices) async throws {
        self.services = services
        bench = try await ArchiveDatabases.shared.take(from: services)
        taken = Mutex([bench])
        path = FileManager.default.temporaryDirectory.appending(path: "archive-\(UUID().uuidString)").path
    }

    deinit {
        ArchiveDatabases.shared.giveBack(taken.withLock { $0 }, to: services)
        for file in keyFiles.withLock({ $0 }) + [path] { try? FileManager.default.removeItem(atPath: file) }
    }

    /// Another database, with nothing in it.
    func empty() async throws -> MongoBench {
        let bench = try await ArchiveDatabases.shared.take(from: services)
        taken.withLock { $0.append(bench) }
        return bench
    }

    /// A key of age of one's own, and the file that it is in.
    func newIdentity() throws -> (AgeIdentity, file: String) {
        let file = "\(path)-\(UUID().uuidString).txt"
        keyFiles.withLock { $0.append(file) }
        try ChildProgram.output(of: ["/usr/bin/age-keygen", "-o", file])
        let text = try String(contentsOfFile: file, encoding: .utf8)
        return (try #require(AgeIdentity.all(in: text)?.first), file)
    }

    static let collections = ArchiveKind.allCases.map(\.collection)

    /// Every document of every collection, as canonical Extended JSON.
    static func contents(_ bench: MongoBench) async throws -> [String: [String]] {
        var contents: [String: [String]] = [:]
        for name in collections {
            contents[name] = try await bench.collection(name).find().all().map(\.extendedJSON).sorted()
        }
        return contents
    }

    /// Takes all documents out of a database.
    static func clear(_ bench: MongoBench) async throws {
        for name in collections + ["report_archives", "report_tombstones", "report_wanted"] {
            try await bench.client.run(
                ["delete": .string(name), "deletes": .array([.document(["q": .document([:]), "limit": 0])])],
                in: bench.database)
        }
    }

    /// A report with everything that can be kept of one.
    func publish(_ uid: String, file: Int = 0, rows: Int = 3) async throws {
        for state in RequestLife.states(uid: uid) { try await bench.store.save(state) }
        let columns = [ReportResult.Column(name: "account", type: "string"), .init(name: "closing", type: "decimal")]
        let result = ReportResult(
            uid: uid, attempt: 1, publication: "p", buckets: 1, rows: rows, columns: columns,
            publishedAt: Timestamp.start.date)
        let odd: [BSONValue] = [
            .double(-0.0), .double(.nan),
            .decimal128(BSONDecimal128(high: 0x3041_ED09_BEAD_87C0, low: 0x378D_8E63_FFFF_FFFF)), "",
            "\n\nAn event, in 1 fact:", .null, .int64(.max), .document(["a.b": .minKey]),
        ]
        let cells = (0..<rows).map { BSONValue.array(["row \($0)".bson, odd[$0 % odd.count]]) }
        try await bench.collection("report_rows").insert([
            "_id": .string(result.bucketID(0)), "reportID": .string(uid), "attempt": 1, "n": 0, "rows": .array(cells),
        ])
        try await bench.collection("report_results").insert(result)
        try await bench.store.keep(
            StageLog(
                reportID: uid, namespace: "finance", name: "tb", attempt: 1, stage: "load", pod: "p", podUID: "u",
                podCreatedAt: Timestamp.start.date, text: "one\ntwo\n", isCut: false))
        var copy = DeliveryCopy(
            delivery: "d-\(uid)", namespace: "finance", name: "d", reportID: uid, channel: "mail", type: "Mail",
            recipient: "dana@example.com", phase: .sent, at: Timestamp.start.date)
        copy.epoch = 2
        #expect(try await bench.store.deliveries.write(copy, over: nil))
        guard file > 0 else { return }
        try await store(uid, bytes: file)
        // As results.py does it.
        let id = "\(uid)/1/load/sha".bson
        try await bench.collection("report_stage_files.chunks").insert([
            "files_id": id, "n": 0, "data": .binary(BSONBinary(Array("a,b\n1,2\n".utf8))),
        ])
        try await bench.collection("report_stage_files.files").insert([
            "_id": id, "filename": id, "length": 8, "chunkSize": 261_120, "uploadDate": .date(milliseconds: 1),
            "metadata": ["reportID": .string(uid), "format": "csv"],
        ])
    }

    private func store(_ uid: String, bytes: Int) async throws {
        let content = (0..<bytes).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        var rest = content[...]
        let file = ReportFile(
            name: "\(uid)/p/pdf/f", length: bytes, uploadedAt: Timestamp.start.date,
            metadata: .init(reportID: uid, format: "pdf", sha256: "…", rows: 3))
        let outcome = try await bench.store.files.store(file) {
            defer { rest = rest.dropFirst(ReportFile.chunkSize) }
            return Array(rest.prefix(ReportFile.chunkSize))
        }
        #expect(outcome == .stored)
    }

    /// A later state of a report, as the operator would write it.
    func change(_ uid: String, progress: Int64 = 1_000_000_000_000_000) async throws {
        try await bench.collection("reports").update(
            ["_id": .string(uid)],
            with: ["$set": ["progress": .int64(progress), "message": "changed \(progress)".bson]])
    }

    @discardableResult
    func export(
        to path: String? = nil, part: ArchivePart = ArchivePart(), key: ArchiveKey? = nil, sinceLast: Bool = false,
        onStep: (@Sendable (ArchiveFolder.Step) throws -> Void)? = nil
    ) async throws -> ArchiveExport.Outcome {
        let folder = try ArchiveFolder(path ?? self.path, isToBeMade: true, onStep: onStep)
        var export = ArchiveExport(bench.store.archive, to: folder, part: part, key: key, now: Self.now)
        return try await export.run(sinceLast: sinceLast)
    }

    @discardableResult
    func verify(_ path: String? = nil, trust: ArchiveTrust? = nil) async throws -> ArchiveVerification.Outcome {
        try await ArchiveVerification(try ArchiveFolder(path ?? self.path), trust: trust).run()
    }

    @discardableResult
    func load(
        into bench: MongoBench, trust: ArchiveTrust = .unsigned, onWrite: (@Sendable () throws -> Void)? = nil
    ) async throws -> ArchiveImport.Outcome {
        var archive = ArchiveImport(
            try ArchiveFolder(path), into: bench.store.archive, trust: trust, now: Self.now, onWrite: onWrite)
        return try await archive.run()
    }

    /// All that the bed has published was over 90 days before then.
    static let later = now + 200 * 86_400_000

    @discardableResult
    func offload(
        part: ArchivePart = ArchivePart(), isDryRun: Bool = false, before: Int64 = later - 90 * 86_400_000,
        isOpen: @escaping @Sendable (String) -> Bool = { _ in false }, onWrite: (@Sendable () throws -> Void)? = nil
    ) async throws -> ArchiveOffload.Outcome {
        var offload = ArchiveOffload(
            bench.store.archive, to: try ArchiveFolder(path), part: part, key: nil, now: Self.later, before: before,
            isDryRun: isDryRun, isOpen: isOpen, onWrite: onWrite)
        return try await offload.run()
    }

    @discardableResult
    func restore(
        _ ids: [String], from path: String? = nil, onWrite: (@Sendable () throws -> Void)? = nil
    ) async throws -> ArchiveRestore.Outcome {
        var restore = ArchiveRestore(
            try ArchiveFolder(path ?? self.path), into: bench.store.archive, key: nil, onWrite: onWrite)
        return try await restore.run(ids)
    }

    /// The program itself.
    static let program = [OperatorProcess.program("reportctl").path, "archive"]

    /// By which it finds this database.
    func environment() throws -> [String: String] {
        var parts = URLComponents(string: try LiveServices.current.value("MONGODB_ADMIN_URI"))
        parts?.path = "/\(bench.database)"
        return ["MONGODB_URI": parts?.string ?? "", "HOME": "/nonexistent"]
    }

    /// Starts the program with this database.
    func start(_ arguments: String..., errors: ChildProgram.Stream = .ours) throws -> ChildProgram {
        try ChildProgram(Self.program + arguments, environment: environment(), errors: errors)
    }

    /// Lets the program run to its end; a value of nil leaves its variable out.
    func run(
        _ arguments: [String], environment changes: [String: String?] = [:]
    ) throws -> (status: Int32, said: String) {
        var environment = try environment()
        for (name, value) in changes { environment[name] = value }
        let result = try ChildProgram.result(of: Self.program + arguments, environment: environment)
        return (result.status, String(decoding: result.errors + result.output, as: UTF8.self))
    }

    /// What an import says is wrong; nil where nothing is.
    func faults(trust: ArchiveTrust = .unsigned, into bench: MongoBench) async throws -> [String]? {
        do {
            try await load(into: bench, trust: trust)
            return nil
        } catch let trouble as ArchiveTrouble {
            return trouble.faults
        }
    }

    /// The archive's files below it, by their paths in it.
    func files(_ path: String? = nil) throws -> [String: Data] {
        let root = URL(filePath: path ?? self.path)
        let names = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        var files: [String: Data] = [:]
        for name in names {
            var isFolder: ObjCBool = false
            let file = root.appending(path: name).path
            guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            files[name] = try Data(contentsOf: URL(filePath: file))
        }
        return files
    }
}

extension String {
    var bson: BSONValue { .string(self) }
}

/// The databases that tests of archives have done with: one is emptied in much less time than its dozen collections and their
/// indexes are made.
final class ArchiveDatabases: Sendable {
    static let shared = ArchiveDatabases()

    /// By the name of the servers that they are on.
    private let idle = Mutex<[String: [MongoBench]]>([:])

    func take(from services: LiveServices) async throws -> MongoBench {
        if let bench = idle.withLock({ $0[services.name]?.popLast() }) {
            try await ArchiveBed.clear(bench)
            return bench
        }
        var options = MongoBench.impatient
        options.socketTimeout = .seconds(60)
        let bench = try MongoBench(services, options: options)
        try await bench.store.prepare()
        return bench
    }

    func giveBack(_ benches: [MongoBench], to services: LiveServices) {
        idle.withLock { $0[services.name, default: []] += benches }
    }
}

/// Lets a number of steps pass, and then ends everything: what comes after a crash doesn't happen either.
final class CrashPoint: Sendable {
    struct Crash: Error {}

    private let rest: Atomic<Int>

    init(after count: Int) { rest = Atomic(count) }

    func step() throws {
        guard rest.subtract(1, ordering: .relaxed).oldValue > 0 else { throw Crash() }
    }
}
