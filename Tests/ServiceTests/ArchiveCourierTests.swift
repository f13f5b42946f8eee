import ArchiveFiles
import ClusterSupport
import Digests
import Foundation
import LoopbackSupport
import MongoClient
import ObjectStorage
import ReportAPI
import ReportArchive
import ReportClient
import ReportRecords
import ReportStores
import ServiceSupport
import Testing

/// A courier, as a program, that was given an archive: what was offloaded comes back by itself for those who ask.
@Suite(.serialized, .services(.mongodb), .timeLimit(.minutes(5))) struct ArchiveCourierTests {
    let bed: ArchiveBed
    private let asker: ReportFiles
    /// The key of encrypted archives, and the file that it is in.
    private let identity: AgeIdentity
    private let identityFile: String

    init() async throws {
        bed = try await ArchiveBed(try .current)
        asker = ReportFiles(bed.bench.store)
        (identity, identityFile) = try bed.newIdentity()
    }

    /// Exports and offloads all reports; the options of a courier that knows the archive.
    private func offload(_ server: S3Server?, isSealed: Bool) async throws -> [String] {
        let place = server == nil ? bed.path : "s3://reports/plant/archive"
        func folder() throws -> ArchiveFolder {
            try ArchiveFolder.named(
                place, isToBeMade: true, recipients: isSealed ? [identity.recipient] : [], identities: [identity],
                environment: server?.environment ?? [:], logger: MongoBench.logger)
        }
        let store = bed.bench.store.archive
        // A writer of an archive holds it.
        func export() async throws {
            var export = ArchiveExport(store, to: try folder(), part: ArchivePart(), key: nil, now: ArchiveBed.now)
            _ = try await export.run(sinceLast: false)
        }
        try await export()
        var offload = ArchiveOffload(
            store, to: try folder(), part: ArchivePart(), key: nil, now: ArchiveBed.later,
            before: ArchiveBed.later - 90 * 86_400_000)
        #expect(try await offload.run().reports > 0)
        return ["--archive", place]
    }

    private func courier(_ options: [String], _ server: S3Server?) throws -> CourierProcess {
        try CourierProcess(
            uri: try LiveServices.current.value("MONGODB_ADMIN_URI"), database: bed.bench.database, options: options,
            environment: server?.environment ?? [:])
    }

    private func isOffloaded(_ id: String) async throws -> Bool {
        try await bed.bench.store.archive.offload(of: id) != nil
    }

    @Test(arguments: [false, true], [false, true])
    func rowsAndFilesComeBackForWhoAsks(isInBucket: Bool, isSealed: Bool) async throws {
        let server = isInBucket ? try S3Server() : nil
        for id in ["r-1", "r-2"] { try await bed.publish(id, file: id == "r-2" ? 300_000 : 0, rows: 1) }
        let before = try await ArchiveBed.contents(bed.bench)
        var options = try await offload(server, isSealed: isSealed)
        #expect(try await bed.bench.collection("report_rows").count() == 0)
        if isSealed { options += ["--archive-identity", identityFile] }
        let courier = try courier(options, server)
        defer { courier.end() }
        // For a file, which is made of the rows.
        let report = try #require(try await bed.bench.store.record(uid: "r-1"))
        let file = try await asker.file(of: report, as: .csv, within: .seconds(120))
        var text: [UInt8] = []
        try await asker.read(file) { text += $0 }
        #expect(String(decoding: text, as: UTF8.self).contains("row 0"), "\(courier.log.suffix(2000))")
        let first = try await (isOffloaded("r-1"), isOffloaded("r-2"))
        #expect(first == (false, true))
        // For `reportctl result`, and rows of the API. Who asks doesn't wait for a courier that is slow to begin.
        try await eventually("r-2 comes back: \(courier.log.suffix(2000))", within: .seconds(120)) {
            do { return try await asker.bringBack("r-2", within: .seconds(60)) } catch ClientError.noCourier {
                return false
            }
        }
        #expect(try await !isOffloaded("r-2"))
        // The file that was made is more than there was.
        let after = try await ArchiveBed.contents(bed.bench)
        for (collection, documents) in before where !collection.hasPrefix("report_files") {
            #expect(after[collection] == documents, "\(collection)")
        }
        #expect(Set(before["report_files.files"] ?? []).isSubset(of: after["report_files.files"] ?? []))
        #expect(Set(before["report_files.chunks"] ?? []).isSubset(of: after["report_files.chunks"] ?? []))
        try await eventually("nothing is left over") { courier.unfinishedFiles == [] }
    }

    @Test func whoAsksIsToldWhatTheCourierLacks() async throws {
        let server = try S3Server()
        try await bed.publish("r-1", rows: 1)
        let options = try await offload(server, isSealed: true)
        let report = try #require(try await bed.bench.store.record(uid: "r-1"))
        let without = try courier(options, server)
        defer { without.end() }
        let fault = await #expect(throws: ClientError.self) {
            _ = try await asker.file(of: report, as: .csv, within: .seconds(120))
        }
        #expect("\(fault as Any)".contains("is encrypted; name the file of its key"), "\(fault as Any)")
        #expect(try await isOffloaded("r-1"))
    }

    @Test func courierWithoutCredentialsDoesNotStart() async throws {
        let courier = try CourierProcess(
            uri: try LiveServices.current.value("MONGODB_ADMIN_URI"), database: bed.bench.database,
            options: ["--archive", "s3://reports/a"], environment: ["AWS_ACCESS_KEY_ID": ""])
        defer { courier.end() }
        try await eventually("it has ended: \(courier.log)") { !courier.isRunning }
        #expect(courier.log.contains("--archive: s3:// needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"))
    }
}
