import ArchiveFiles
import BSON
import Foundation
import KubernetesModel
import LoopbackSupport
import MongoClient
import ProgramSupport
import ReportArchive
import ReportRecords
import ReportStores
import ServiceSupport
import Testing

/// Archives of real databases: what goes out comes back, whatever happens on the way. One after the other, since each keeps a
/// thread busy with files, and other tests wait for a turn on as many as there are cores.
@Suite(.serialized, .services(.mongodb)) struct ArchiveTests {
    let bed: ArchiveBed

    init() async throws { bed = try await ArchiveBed(try .current) }

    /// An empty database beside it.
    @Test func anotherServerHoldsTheSameAfterwards() async throws {
        for (number, uid) in ["r-1", "r-2", "Ä/..", "r-10"].enumerated() {
            try await bed.publish(uid, file: number == 1 ? 700_000 : number == 3 ? 1 : 0)
        }
        let outcome = try await bed.export()
        #expect(outcome.reports == 4 && outcome.foot.files == 8)
        try await bed.verify()
        let before = try await ArchiveBed.contents(bed.bench)
        #expect(before.values.allSatisfy { !$0.isEmpty })
        try await LiveServices.with(.mongodb, name: "archive-b") { services in
            let other = try MongoBench(services)
            try await other.store.prepare()
            let imported = try await bed.load(into: other)
            #expect(imported.reports == 4 && imported.kept == 0)
            #expect(try await ArchiveBed.contents(other) == before)
            // Twice is once.
            let again = try await bed.load(into: other)
            #expect(again.written == 0 && again.kept > 0)
            #expect(try await ArchiveBed.contents(other) == before)
        }
        // It was only read.
        #expect(try await ArchiveBed.contents(bed.bench) == before)
    }

    @Test func newerStateIsNeverTurnedBackAndAnOlderOneIsBroughtForward() async throws {
        try await bed.publish("older")
        try await bed.publish("newer")
        try await bed.change("older", progress: 2_000_000_000_000_000)
        try await bed.export()
        try await bed.change("newer", progress: 3_000_000_000_000_000)
        let entries = bed.bench.collection("report_deliveries")
        try await entries.update(["reportID": "newer"], with: ["$set": ["epoch": .int64(3), "phase": "Failed"]])
        try await entries.update(["reportID": "older"], with: ["$set": ["epoch": .int64(2), "phase": "Sending"]])
        let reports = bed.bench.collection("reports")
        try await reports.update(["_id": "older"], with: ["$set": ["progress": .int64(1), "note": "x"]])
        let before = try await ArchiveBed.contents(bed.bench)

        let outcome = try await bed.load(into: bed.bench)
        #expect(outcome.written == 2)
        let newer = try await reports.first(["_id": "newer"], as: BSONDocument.self)
        #expect(newer?["progress"] == .int64(3_000_000_000_000_000))
        let older = try await reports.first(["_id": "older"], as: BSONDocument.self)
        #expect(older?["progress"] == .int64(2_000_000_000_000_000) && older?["note"] == nil)
        let failed = try await entries.first(["reportID": "newer"], as: BSONDocument.self)
        #expect(failed?["epoch"] == .int64(3) && failed?["phase"] == "Failed")
        let sent = try await entries.first(["reportID": "older"], as: BSONDocument.self)
        #expect(sent?["phase"] == "Sent")
        let after = try await ArchiveBed.contents(bed.bench)
        for name in ["report_events", "report_rows", "report_results", "report_logs", "report_files.files"] {
            #expect(after[name] == before[name])
        }
    }

    @Test func whatWasDamagedIsNamedAndNothingIsChanged() async throws {
        try await bed.publish("r-1", file: 300_000)
        try await bed.publish("r-2")
        try await bed.export()
        let other = try await bed.empty()
        let text = try #require(try bed.files().keys.first { $0.hasSuffix("/r-1.txt") })
        let pdf = try #require(try bed.files().keys.first { $0.hasSuffix(".pdf") })
        for name in [text, pdf, "manifest.txt"] {
            let file = URL(filePath: bed.path).appending(path: name)
            let whole = try Data(contentsOf: file)
            for position in [0, whole.count / 3, whole.count / 2, whole.count - 2] {
                var flipped = whole
                flipped[position] ^= 1
                try flipped.write(to: file)
                let faults = try #require(try await bed.faults(into: other), "\(name) \(position)")
                // A digest that was changed in the manifest is that of the file that it names.
                #expect(faults.contains { $0.hasPrefix("\(name): ") } || name == "manifest.txt", "\(faults)")
            }
            try (whole + Data("One line too many.\n".utf8)).write(to: file)
            #expect(try await bed.faults(into: other)?.contains { $0.hasPrefix("\(name): ") } == true)
            try whole.dropLast(7).write(to: file)
            #expect(try await bed.faults(into: other)?.contains { $0.hasPrefix("\(name): ") } == true)
            try FileManager.default.removeItem(at: file)
            let missing = try await bed.faults(into: other)
            #expect(missing?.contains { $0.hasPrefix("\(name): is missing") } == true || name == "manifest.txt")
            // The same bytes by way of a link.
            let elsewhere = URL(filePath: bed.path).appending(path: "elsewhere")
            try whole.write(to: elsewhere)
            try FileManager.default.createSymbolicLink(at: file, withDestinationURL: elsewhere)
            #expect(try await bed.faults(into: other)?.contains { $0.contains("is a link") } == true)
            try FileManager.default.removeItem(at: file)
            try whole.write(to: file)
        }
        #expect(try await ArchiveBed.contents(other).values.allSatisfy(\.isEmpty))
        #expect(try await bed.faults(into: other) == nil)
    }

    @Test func onlyWhoHasTheKeyIsBelieved() async throws {
        try await bed.publish("r-1")
        let key = try #require(ArchiveKey(Array(repeating: 1, count: 32)))
        let another = try #require(ArchiveKey(Array(repeating: 2, count: 32)))
        try await bed.export()
        let other = try await bed.empty()
        #expect(try await bed.faults(trust: .key(key), into: other) == ["manifest.txt: it is not signed"])
        // From now on it is.
        await #expect(throws: ArchiveTrouble.self) { try await bed.export(key: key) }
        try FileManager.default.removeItem(atPath: bed.path)
        try await bed.export(key: key)
        #expect(try await bed.faults(trust: .key(another), into: other)?.first?.contains("not by this key") == true)
        await #expect(throws: ArchiveTrouble.self) { try await bed.export() }
        #expect(try await ArchiveBed.contents(other).values.allSatisfy(\.isEmpty))
        #expect(try await bed.faults(trust: .key(key), into: other) == nil)
    }

    /// Wherever an export ends, the last good manifest holds, and the next export comes to the same.
    @Test func exportThatIsKilledAnywhereGoesOn() async throws {
        for uid in ["r-1", "r-2", "r-3"] { try await bed.publish(uid, file: uid == "r-2" ? 300_000 : 0) }
        try await bed.export()
        for uid in ["r-2", "r-3"] { try await bed.change(uid) }
        try await bed.publish("r-4")
        func copy() throws -> String {
            let copy = bed.path + "-\(UUID().uuidString)"
            try FileManager.default.copyItem(atPath: bed.path, toPath: copy)
            return copy
        }
        let meant = try copy()
        defer { try? FileManager.default.removeItem(atPath: meant) }
        try await bed.export(to: meant)
        var isOver = false
        var kills = 0
        while !isOver {
            let path = try copy()
            defer { try? FileManager.default.removeItem(atPath: path) }
            let crash = CrashPoint(after: kills)
            do {
                try await bed.export(to: path) { _ in try crash.step() }
                isOver = true
            } catch is CrashPoint.Crash {
                kills += 1
            }
            let outcome = try await bed.verify(path)
            #expect(outcome.foot.reports == (outcome.head.export == 1 ? 3 : 4), "killed at \(kills)")
            try await bed.export(to: path, sinceLast: false)
            let texts = try await texts(path)
            #expect(texts == (try await self.texts(meant)), "killed at \(kills)")
            let leftOver = try bed.files(path).keys.filter { $0.contains("next") || $0.contains("new") }
            #expect(leftOver.isEmpty, "killed at \(kills): \(leftOver)")
        }
        #expect(kills > 10)
    }

    /// The reports of an archive by the ids in them, whatever export has written them; nothing else is in its folders.
    private func texts(_ path: String) async throws -> [String] {
        let outcome = try await bed.verify(path)
        let files = try bed.files(path).filter { $0.key.contains("/") }
        #expect(files.count == outcome.foot.files)
        return files.filter { $0.key.hasSuffix(".txt") }.values.map { data in
            String(decoding: data, as: UTF8.self).replacing(/\.[0-9]+\.file-/, with: ".file-")
        }.sorted()
    }

    @Test func importThatIsKilledAtAnyWriteGoesOn() async throws {
        try await bed.publish("r-1", file: 5_000_000)
        try await bed.publish("r-2")
        try await bed.export()
        let meant = try await ArchiveBed.contents(bed.bench)
        var isOver = false
        var kills = 0
        let other = try await bed.empty()
        while !isOver {
            let crash = CrashPoint(after: kills)
            do {
                try await bed.load(into: other) { try crash.step() }
                isOver = true
            } catch is CrashPoint.Crash {
                kills += 1
                // A record that is there means that all else is.
                let records = try await other.collection("reports").count()
                #expect(records < 2)
                try await bed.load(into: other)
            }
            #expect(try await ArchiveBed.contents(other) == meant, "killed at \(kills)")
            try await ArchiveBed.clear(other)
        }
        #expect(kills > 20)
    }

    @Test func onlyWhatHasChangedIsReadAgain() async throws {
        let uids = (0..<300).map { "r-\(1000 + $0)" }
        for uid in uids { try await bed.bench.collection("reports").insert(Self.record(uid, "finance")) }
        #expect(try await bed.export(sinceLast: true).reports == 300)
        let nothing = try await bed.export(sinceLast: true)
        #expect(nothing.reports == 0 && !nothing.isWhole)
        for uid in uids.prefix(60) { try await bed.change(uid) }
        // Not its record alone counts.
        for uid in uids.suffix(40) {
            try await bed.bench.collection("report_results").insert([
                "_id": .string(uid), "attempt": 1, "buckets": 0, "rows": 0, "columns": .array([]),
                "publishedAt": .date(milliseconds: 1),
            ])
        }
        let before = try bed.files()
        let outcome = try await bed.export(sinceLast: true)
        #expect(outcome.reports == 100 && !outcome.isWhole && outcome.foot.reports == 300)
        let after = try bed.files()
        #expect(after.keys.filter { before[$0] == nil }.count == 100)
        let other = try await bed.empty()
        try await bed.load(into: other)
        #expect(try await ArchiveBed.contents(other) == (try await ArchiveBed.contents(bed.bench)))
    }

    private static func record(_ uid: String, _ namespace: String) -> BSONDocument {
        [
            "_id": .string(uid), "namespace": .string(namespace), "name": "n", "phase": "Succeeded", "attempt": 1,
            "createdAt": .date(milliseconds: 1_795_254_795_000), "progress": .int64(1), "versionOrder": "1",
        ]
    }

    @Test func eachPartHasItsOwnSince() async throws {
        for number in 0..<6 {
            let namespace = number < 4 ? "finance" : "sales"
            try await bed.bench.collection("reports").insert(Self.record("r-\(number)", namespace))
        }
        let (finance, sales) = (ArchivePart(namespace: "finance"), ArchivePart(namespace: "sales"))
        #expect(try await bed.export(part: finance, sinceLast: true).reports == 4)
        try await bed.change("r-0")
        try await bed.change("r-5")
        let first = try await bed.export(part: sales, sinceLast: true)
        #expect(first.reports == 2 && first.isWhole && first.foot.reports == 6)
        let second = try await bed.export(part: finance, sinceLast: true)
        #expect(second.reports == 1 && !second.isWhole)
        #expect(try await bed.verify().head.extents.map(\.part) == [sales, finance])
    }

    @Test func whatWasOffloadedStaysAsItIsInTheArchive() async throws {
        try await bed.publish("r-1")
        try await bed.export()
        let before = try bed.files().filter { $0.key.contains("/") }
        try await bed.bench.collection("report_results").update(
            ["_id": "r-1"],
            with: ["$set": ["offloaded": ["archive": "/a", "at": .date(milliseconds: 1), "sha256": ""]]])
        let outcome = try await bed.export()
        #expect(outcome.reports == 0 && outcome.offloaded == 1 && outcome.foot.reports == 1)
        #expect(try bed.files().filter { $0.key.contains("/") } == before)
    }

    /// The program itself, ended by SIGKILL in the middle.
    @Test(.timeLimit(.minutes(5))) func programThatIsKilledLeavesTheLastManifestAndGoesOn() async throws {
        let writes = (0..<1000).map { MongoWrite.insert(Self.record("r-\(10_000 + $0)", "finance")) }
        _ = try await bed.bench.collection("reports").write(writes)
        try await bed.export()
        let program = try bed.start("export", "--to", bed.path)
        let folder = URL(filePath: bed.path).appending(path: "finance/2026-11").path
        try await eventually("it has begun") {
            !program.isRunning || FileManager.default.fileExists(atPath: "\(folder)/r-10200.2.txt")
        }
        #expect(program.end(SIGKILL) == 128 + SIGKILL)
        #expect(try await bed.verify().head.export == 1)

        let (status, said) = try bed.run(["export", "--to", bed.path])
        #expect(status == 0, "\(said)")
        #expect(said.contains("of an export that was interrupted"), "\(said)")
        let outcome = try await bed.verify()
        #expect(outcome.head.export == 2 && outcome.foot.reports == 1000)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 1000)
    }

    /// How many reports figures are taken with; nil where none are wanted.
    private static let figures = ProcessInfo.processInfo.environment["REPORT_OPERATOR_FIGURES"].map {
        max(10_000, Int($0) ?? 0)
    }

    /// `REPORT_OPERATOR_FIGURES=100000` exports that number of reports, and a tenth of them before. Also prints how many a
    /// second, which means something in a release build on a quiet machine.
    @Test(.enabled(if: figures != nil)) func manyAreExportedWithFlatMemory() async throws {
        let reports = bed.bench.collection("reports")
        let count = try #require(Self.figures)
        var peaks: [Int] = []
        for (begin, end) in [(0, count / 10), (count / 10, count)] {
            for start in stride(from: begin, to: end, by: 1000) {
                let numbers = start..<start + 1000
                _ = try await reports.write(numbers.map { .insert(Self.record("r-\(1_000_000 + $0)", "finance")) })
                let events = numbers.map { number -> MongoWrite in
                    .insert([
                        "_id": "e-\(number)".bson, "requestUID": "r-\(1_000_000 + number)".bson, "attempt": 1,
                        "phase": "Succeeded", "at": .date(milliseconds: 1), "sequence": .int64(1),
                    ])
                }
                _ = try await bed.bench.collection("report_events").write(events)
            }
            defer { try? FileManager.default.removeItem(atPath: "\(bed.path)-\(end)") }
            let clock = ContinuousClock.now
            let program = try bed.start("export", "--to", "\(bed.path)-\(end)")
            var peak = 0
            while program.isRunning {
                peak = max(peak, Self.peak(of: program.pid))
                try await Task.sleep(for: .milliseconds(20))
            }
            let seconds = (ContinuousClock.now - clock) / .seconds(1)
            print("\(end) reports in \(seconds) s, \(Int(Double(end) / seconds)) a second, at most \(peak) kB")
            #expect(program.wait() == 0)
            peaks.append(peak)
        }
        #expect(peaks[1] * 2 < peaks[0] * 3, "\(peaks) kB for ten times as many reports")
    }

    /// The highest resident memory so far, in kB.
    private static func peak(of pid: Int32) -> Int {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
}
