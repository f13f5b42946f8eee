import ArchiveFiles
import BSON
import ClusterSupport
import Foundation
import LoopbackSupport
import MongoClient
import ProgramSupport
import ReportArchive
import ReportRecords
import ReportStores
import ServiceSupport
import TestSupport
import Testing

/// Rows and files that leave MongoDB for an archive, and come back. One after the other, as `ArchiveTests`.
@Suite(.serialized, .services(.mongodb)) struct ArchiveOffloadTests {
    let bed: ArchiveBed

    /// What an offload takes away.
    private static let goods = [
        "report_rows", "report_files.files", "report_files.chunks", "report_stage_files.files",
        "report_stage_files.chunks",
    ]

    init() async throws { bed = try await ArchiveBed(try .current) }

    private func contents() async throws -> [String: [String]] { try await ArchiveBed.contents(bed.bench) }

    private func result(_ id: String) async throws -> BSONDocument {
        try #require(try await bed.bench.store.archive.results(of: [id])[id])
    }

    private func mark(_ id: String) async throws -> Offload? { try await bed.bench.store.archive.offload(of: id) }

    @Test func rowsAndFilesGoAndComeBackAndAllElseStays() async throws {
        try await bed.publish("r-1", file: 700_000)
        try await bed.publish("r-2")
        try await bed.export()
        let before = try await contents()
        #expect(try await bed.offload(isDryRun: true).reports == 2)
        #expect(try await contents() == before)

        let outcome = try await bed.offload()
        #expect(outcome.reports == 2 && outcome.skipped.isEmpty && outcome.faults.isEmpty)
        let after = try await contents()
        for (name, documents) in before {
            if Self.goods.contains(name) {
                #expect(after[name] == [], "\(name)")
            } else if name != "report_results" {
                #expect(after[name] == documents, "\(name)")
            }
        }
        let mark = try #require(try await mark("r-1"))
        #expect(mark.archive == ArchiveFolder.place(bed.path) && mark.isLeaving == nil)
        #expect(mark.at.timeIntervalSince1970 * 1000 == Double(ArchiveBed.later))
        // Readers of the result see it.
        #expect(try await bed.bench.store.result(of: "r-1")?.offloaded == mark)
        #expect(try await bed.offload() == ArchiveOffload.Outcome())

        // The archive stays as it is, whatever is done with it.
        let files = try bed.files().filter { $0.key.contains("/") }
        let exported = try await bed.export(sinceLast: true)
        #expect(exported.reports == 0 && exported.offloaded == 2 && exported.foot.reports == 2)
        #expect(try bed.files().filter { $0.key.contains("/") } == files)
        try await bed.verify()
        // An import brings nothing back that was offloaded, and everything to a database that knows nothing.
        let imported = try await bed.load(into: bed.bench)
        #expect(imported.written == 0)
        #expect(try await contents() == after)
        let other = try await bed.empty()
        try await bed.load(into: other)
        #expect(try await ArchiveBed.contents(other) == before)

        #expect(try await bed.restore(["r-2", "r-1"]).restored == 2)
        #expect(try await contents() == before)
        #expect(try await bed.restore(["r-1", "r-2"]) == .init(restored: 0, there: 2))
        #expect(try await contents() == before)
    }

    @Test func whatIsYoungUnfinishedNewerOrNotInTheArchiveStays() async throws {
        for id in ["changed", "fine", "open", "rows", "running", "waits"] { try await bed.publish(id, file: 9) }
        let reports = bed.bench.collection("reports")
        try await reports.update(["_id": "running"], with: ["$set": ["phase": "Running"]])
        let copies = bed.bench.collection("report_deliveries")
        try await copies.update(["reportID": "open"], with: ["$set": ["phase": "Sending"]])
        try await bed.export()
        try await bed.change("changed")
        try await bed.bench.collection("report_rows").insert([
            "_id": "rows/2/x", "reportID": "rows", "attempt": 2, "n": 0, "rows": .array([]),
        ])
        try await bed.publish("later")
        let before = try await contents()
        await #expect(throws: ArchiveTrouble.self) {
            try await bed.offload(before: ArchiveBed.later - 89 * 86_400_000)
        }
        #expect(try await bed.offload(before: ArchiveBed.now - 86_400_000) == ArchiveOffload.Outcome())
        #expect(try await contents() == before)

        let outcome = try await bed.offload { $0 == "waits" }
        #expect(outcome.reports == 1)
        let skipped = Dictionary(uniqueKeysWithValues: outcome.skipped.map { ($0.id, $0.reason) })
        #expect(
            skipped == ["changed": .changed, "rows": .changed, "open": .open, "waits": .open, "later": .absent])
        #expect(try await mark("fine") != nil)
        for id in ["changed", "open", "rows", "running", "waits", "later"] { #expect(try await mark(id) == nil) }
        #expect(try await bed.offload(part: ArchivePart(namespace: "nobody's")) == ArchiveOffload.Outcome())
    }

    /// A courier may begin a file between the comparison and the mark.
    @Test func whatIsWrittenBeforeTheMarkIsThereTakesItOffAgain() async throws {
        try await bed.publish("r-1")
        try await bed.export()
        let rows = bed.bench.collection("report_rows")
        let archive = bed.bench.store.archive
        let mark = Offload(
            archive: ArchiveFolder.place(bed.path), at: Date(timeIntervalSince1970: 1), sha256: "x", isLeaving: true)
        let read = try await result("r-1")
        #expect(try await archive.mark(read, mark))
        #expect(try await archive.mark(read, mark) == false)
        // One whose digest isn't the archive's is left to people.
        let outcome = try await bed.offload()
        #expect(outcome.faults.count == 1 && outcome.resumed == 0)
        await #expect(throws: ArchiveTrouble.self) { try await bed.restore(["r-1"]) }
        #expect(try await archive.unmark("r-1", mark))
        let crash = CrashPoint(after: 1)
        await #expect(throws: CrashPoint.Crash.self) { try await bed.offload(onWrite: { try crash.step() }) }
        #expect(try await self.mark("r-1")?.isLeaving == true)
        try await rows.insert([
            "_id": "r-1/2/x", "reportID": "r-1", "attempt": 2, "n": 0, "rows": .array([]),
        ])
        #expect(try await bed.offload().skipped.map(\.reason) == [.changed, .changed])
        #expect(try await self.mark("r-1") == nil)
        #expect(try await rows.count(["reportID": "r-1"]) == 2)
    }

    @Test func archiveThatWasDamagedIsNamedAndItsReportsStay() async throws {
        try await bed.publish("r-1", file: 300_000)
        try await bed.publish("r-2")
        try await bed.export()
        let pdf = try #require(try bed.files().keys.first { $0.hasSuffix(".pdf") })
        let file = URL(filePath: bed.path).appending(path: pdf)
        let whole = try Data(contentsOf: file)
        var flipped = whole
        flipped[1000] ^= 1
        try flipped.write(to: file)
        let outcome = try await bed.offload()
        #expect(outcome.reports == 1 && outcome.faults.count == 1)
        #expect(outcome.faults.first?.hasPrefix("\(pdf): ") == true)
        #expect(try await mark("r-1") == nil)
        try whole.write(to: file)
        #expect(try await bed.offload().reports == 1)
        let empty = try await contents()
        try flipped.write(to: file)
        await #expect(throws: ArchiveTrouble.self) { try await bed.restore(["r-1"]) }
        await #expect(throws: ArchiveTrouble.self) { try await bed.restore(["nobody's"]) }
        #expect(try await contents() == empty)
    }

    /// A writer of the archive can make its manifest right, but not MongoDB's digest.
    @Test func whatSomebodyElseWroteIsNotRestored() async throws {
        try await bed.publish("r-1")
        try await bed.export()
        #expect(try await bed.offload().reports == 1)
        let empty = try await contents()
        let other = bed.path + "-forged"
        defer { try? FileManager.default.removeItem(atPath: other) }
        let forger = try await ArchiveBed(try .current)
        try await forger.publish("r-1", rows: 4)
        try await forger.export(to: other)
        try await forger.verify(other)
        await #expect(throws: ArchiveTrouble.self) { try await bed.restore(["r-1"], from: other) }
        #expect(try await contents() == empty)
    }

    /// Wherever it ends, each report has its rows and files in MongoDB or a mark that says where they are.
    @Test func offloadAndRestoreThatAreKilledAnywhereGoOn() async throws {
        try await bed.publish("r-1", file: 700_000)
        try await bed.publish("r-2")
        try await bed.export()
        let before = try await contents()
        func isWhole() async throws -> Bool {
            let now = try await contents()
            return Self.goods.allSatisfy { now[$0] == before[$0] }
        }
        var kills = 0
        var isOver = false
        while !isOver {
            let crash = CrashPoint(after: kills)
            do {
                try await bed.offload(onWrite: { try crash.step() })
                isOver = true
            } catch is CrashPoint.Crash { kills += 1 }
            if try await mark("r-1") == nil, try await mark("r-2") == nil { #expect(try await isWhole()) }
            try await bed.offload()
            let after = try await contents()
            #expect(Self.goods.allSatisfy { after[$0] == [] }, "killed at \(kills)")
            for id in ["r-1", "r-2"] { #expect(try await mark(id).map { $0.isLeaving == nil } == true) }
            try await bed.restore(["r-1", "r-2"])
            #expect(try await contents() == before, "killed at \(kills)")
        }
        #expect(kills > 9)
        (kills, isOver) = (0, false)
        while !isOver {
            try await bed.offload()
            let crash = CrashPoint(after: kills)
            do {
                try await bed.restore(["r-1", "r-2"]) { try crash.step() }
                isOver = true
            } catch is CrashPoint.Crash { kills += 1 }
            if try await mark("r-1") == nil, try await mark("r-2") == nil { #expect(try await contents() == before) }
            try await bed.restore(["r-1", "r-2"])
            #expect(try await contents() == before, "killed at \(kills)")
        }
        #expect(kills > 6)
    }

    /// The program itself, ended by SIGKILL in the middle.
    @Test(.timeLimit(.minutes(5))) func programThatIsKilledGoesOn() async throws {
        let ids = (0..<60).map { "r-\(1000 + $0)" }
        for id in ids { try await bed.publish(id) }
        let reports = bed.bench.collection("reports")
        for id in ids {
            try await reports.update(
                ["_id": .string(id)], with: ["$set": ["completedAt": .date(milliseconds: 1_577_836_800_000)]])
        }
        try await bed.export()
        let before = try await contents()
        let program = try bed.start("offload", "--to", bed.path, "--older-than", "90d")
        let rows = bed.bench.collection("report_rows")
        try await eventually("it has begun") {
            try await rows.count() < 56 || !program.isRunning
        }
        #expect(program.end(SIGKILL) == 128 + SIGKILL)
        #expect(try await rows.count() > 0)

        #expect(try bed.run(["offload", "--to", bed.path, "--older-than", "90d"]).status == 0)
        #expect(try await rows.count() == 0)
        let leaving = ["offloaded.isLeaving": true] as BSONDocument
        #expect(try await bed.bench.collection("report_results").count(leaving) == 0)

        // Where it is MongoDB knows.
        #expect(try bed.run(["restore"] + ids).status == 0)
        #expect(try await contents() == before)
    }

    @Test func eachExportWritesDownWhereItLiesAndHowFarItGoes() async throws {
        try await bed.publish("r-1")
        let archives = bed.bench.collection("report_archives")
        #expect(try await bed.export().unnoted == nil)
        let place = ArchiveFolder.place(bed.path)
        let first = try #require(try await archives.first(["_id": .string(place)], as: BSONDocument.self))
        #expect(first["export"]?.integer == 1 && first["reports"]?.integer == 1)
        try await bed.export(part: ArchivePart(namespace: "finance"))
        let second = try #require(try await archives.find().all().first)
        #expect(try await archives.count() == 1)
        #expect(second["export"]?.integer == 2)
        let parts = try #require(second["parts"]?.array).compactMap(\.document)
        let head = try await bed.verify().head
        #expect(parts.map { $0["words"]?.string } == head.extents.map(\.part.words))
        #expect(parts.map { $0["namespace"]?.string } == [nil, "finance"])
        for (part, extent) in zip(parts, head.extents) {
            let until = try #require(extent.until)
            #expect(part["until"] == .timestamp(seconds: until.seconds, increment: until.increment))
        }
    }
}
