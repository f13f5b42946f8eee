import ArchiveFiles
import BSON
import ClusterSupport
import Foundation
import LoopbackSupport
import MongoClient
import ProgramSupport
import ReportArchive
import ReportStores
import ServiceSupport
import Testing

/// A person leaves MongoDB and an archive. One after the other, as `ArchiveTests`.
@Suite(.serialized, .services(.mongodb)) struct EraseTests {
    let bed: ArchiveBed

    private static let address = "dana@example.com"
    private static let key = ArchiveKey(Array(repeating: 7, count: 32))

    init() async throws { bed = try await ArchiveBed(try .current) }

    /// Two reports: one that Dana asked for and gets, and one of somebody else that goes to her, too. Her address is also
    /// wherever an erasure leaves it.
    private func fill() async throws {
        for id in ["r-1", "r-2", "r-3"] {
            try await bed.publish(id, file: id == "r-1" ? 300_000 : 0)
            try await bed.bench.collection("report_deliveries").update(
                ["reportID": .string(id)],
                with: ["$set": ["detail": "250 kept for Dana@Example.com", "channel": "dana@example.com"]])
        }
        let mail: BSONValue = [
            "channel": "mail", "to": ["lee@example.com", "Dana@Example.com"], "subject": "for dana@example.com",
        ]
        let json = #"{"channel":"mail","only":{"":"x"},"to":["dana@example.com"]}"#
        let reports = bed.bench.collection("reports")
        try await reports.update(
            ["_id": "r-1"],
            with: [
                "$set": [
                    "requester": ["name": "Dana Reyes", "email": "Dana@example.com"],
                    "deliveries": [mail, ["json": .string(json)]], "message": "asked by dana@example.com",
                    "failureNotice": ["channel": "mail", "to": ["dana@example.com"]],
                    "parameters": ["mail": "dana@example.com"],
                ]
            ])
        try await reports.update(
            ["_id": "r-2"],
            with: [
                "$set": [
                    "requester": ["name": "Lee", "email": "lee@example.com"],
                    "pinned": ["stages": .array([]), "deliver": [mail]],
                ]
            ])
        try await reports.update(
            ["_id": "r-3"], with: ["$set": ["requester": ["name": "Lee", "email": "adana@example.com"]]])
        let events = bed.bench.collection("report_events")
        try await events.update(
            ["requestUID": "r-1"],
            with: [
                "$set": [
                    "asked": ["requester": ["email": "dana@example.com"], "parameters": ["x": "dana@example.com"]],
                    "accepted": ["deliveries": [mail], "pipeline": ["deliver": [mail]], "parameters": [:]],
                ]
            ])
        try await bed.bench.collection("report_rows").update(
            ["reportID": "r-2"], with: ["$set": ["rows": [["who", "DANA@example.com"]]]])
        try await bed.bench.collection("report_logs").update(
            ["reportID": "r-3"], with: ["$set": ["text": "mailed to dana@example.com\n"]])
        // To somebody else, whose server speaks of her.
        let copies = bed.bench.collection("report_deliveries")
        let copy = try #require(try await copies.first(["reportID": "r-3"], as: BSONDocument.self))
        let lee = copy.replacing([
            "_id": { _ in "d-r-3/lee@example.com" }, "recipient": { _ in "lee@example.com" },
            "detail": { _ in "in place of dana@example.com" },
        ])
        _ = try await copies.write([.delete(filter: ["reportID": "r-3"]), .insert(try #require(lee))], ordered: true)
    }

    @discardableResult
    private func erase(
        from bench: MongoBench? = nil, archive: String? = nil, key: ArchiveKey? = Self.key, isDryRun: Bool = false,
        onStep: (@Sendable (ArchiveFolder.Step) throws -> Void)? = nil, onWrite: (@Sendable () throws -> Void)? = nil
    ) async throws -> ReportErasure.Outcome {
        let folder = try archive.map { try ArchiveFolder($0, onStep: onStep) }
        return try await ReportErasure(
            (bench ?? bed.bench).store.archive, address: Self.address, archive: folder, key: folder == nil ? nil : key,
            now: ArchiveBed.now, isDryRun: isDryRun, onWrite: onWrite
        ).run()
    }

    /// Each member of each document, by what doesn't change of it.
    private func facts(_ bench: MongoBench) async throws -> [String: String] {
        var all: [String: String] = [:]
        for kind in ArchiveKind.allCases {
            for document in try await bench.collection(kind.collection).find().all() {
                let id = document[kind == .delivery ? "delivery" : "_id"]
                let place = "\(kind) \(kind.isChunk ? "\(String(describing: document["n"]))" : id?.string ?? "")"
                for (path, value) in Self.facts(.document(document), "") { all["\(place) \(path)"] = value }
            }
        }
        return all
    }

    private static func facts(_ value: BSONValue, _ path: String) -> [(String, String)] {
        switch value {
        case .document(let document): document.flatMap { facts($0.value, "\(path).\($0.key)") }
        case .array(let list): list.enumerated().flatMap { facts($0.element, "\(path).\($0.offset)") }
        default: [(path, value.string ?? "\(value)")]
        }
    }

    @Test func thesePlacesAndNoOthersNameThemNoMore() async throws {
        try await fill()
        let first = try #require(
            try await bed.bench.collection("report_events").first(
                ["asked.requester.email": "dana@example.com"], as: BSONDocument.self)?["_id"]?.string)
        try await bed.export(key: Self.key)
        let before = try await facts(bed.bench)
        let files = try bed.files()
        let copy = bed.path + "-before"
        try FileManager.default.copyItem(atPath: bed.path, toPath: copy)
        defer { try? FileManager.default.removeItem(atPath: copy) }

        // Nothing is begun where the archive can't be written, or nothing was to be.
        let other = try #require(ArchiveKey(Array(repeating: 8, count: 32)))
        for key in [nil, other] {
            await #expect(throws: ArchiveTrouble.self) { try await erase(archive: bed.path, key: key) }
        }
        let would = try await erase(archive: bed.path, isDryRun: true)
        #expect(would.reports == ["r-1", "r-2"] && would.changed == 0)
        #expect(try await facts(bed.bench) == before && bed.files() == files)
        #expect(try await bed.bench.collection("report_tombstones").count() == 0)

        let outcome = try await erase(archive: bed.path)
        let mail = outcome.tombstone.placeholder
        #expect(mail.wholeMatch(of: /erased-[0-9a-f]{16}@erased\.invalid/) != nil)
        let after = try await facts(bed.bench)
        #expect(Set(after.keys) == Set(before.keys))
        let json = #"{"channel":"mail","only":{"":"x"},"to":[""# + mail + #""]}"#
        var meant = [
            "record r-1 .requester.name": "(erased)", "record r-1 .requester.email": mail,
            "record r-1 .deliveries.0.to.1": mail, "record r-1 .deliveries.1.json": json,
            "record r-1 .failureNotice.to.0": mail, "record r-2 .pinned.deliver.0.to.1": mail,
            "event \(first) .asked.requester.email": mail, "event \(first) .accepted.deliveries.0.to.1": mail,
            "event \(first) .accepted.pipeline.deliver.0.to.1": mail,
        ]
        for id in ["r-1", "r-2"] {
            meant["delivery d-\(id) ._id"] = "d-\(id)/\(mail)"
            meant["delivery d-\(id) .recipient"] = mail
            meant["delivery d-\(id) .detail"] = "250 kept for \(mail)"
        }
        #expect(after.filter { before[$0.key] != $0.value } == meant)
        #expect(outcome.erased == [.record: 2, .event: 1, .delivery: 2] && outcome.reports == ["r-1", "r-2"])
        #expect(
            outcome.left == [
                "r-1": [
                    "parameters", "the record's message", "the record's deliveries", "an event's deliveries",
                    "an event's pipeline", "the ledger's channel",
                ],
                "r-2": ["the record's pinned", "rows", "the ledger's channel"],
                "r-3": ["a log", "the ledger's channel", "the ledger's detail"],
            ])

        // The archive says the same, is signed, and what is beside the texts is as it was.
        #expect(outcome.archive?.reports == ["r-1", "r-2"] && outcome.archive?.export == 2)
        let verified = try await bed.verify(trust: Self.key.map(ArchiveTrust.key))
        #expect(verified.head.tombstones == [outcome.tombstone] && verified.head.export == 2)
        let now = try bed.files()
        let kept = now.filter { files[$0.key] != nil && $0.key.contains("/") }
        #expect(kept.keys.contains { $0.hasSuffix(".pdf") } && kept.allSatisfy { files[$0.key] == $0.value })
        #expect(now.count == files.count)
        let back = try await bed.empty()
        try await bed.load(into: back)
        #expect(try await facts(back) == after)
        #expect(try await ArchiveBed.contents(back) == (try await ArchiveBed.contents(bed.bench)))

        // A copy from before brings nobody back: neither here nor where the archive was imported.
        for bench in [bed.bench, back] {
            var older = ArchiveImport(
                try ArchiveFolder(copy), into: bench.store.archive, trust: .unsigned, now: ArchiveBed.now)
            #expect(try await older.run().written == 0)
            #expect(try await facts(bench) == after)
        }
        // An offload takes what both have without them.
        #expect(try await bed.export(key: Self.key, sinceLast: true).foot.reports == 3)
        #expect(try await bed.verify().head.tombstones == [outcome.tombstone])

        // Again: nothing is left to do, and the protocol says the same.
        let again = try await erase(archive: bed.path)
        #expect(again.changed == 0 && again.archive?.changed == 0)
        #expect((again.tombstone, again.reports) == (outcome.tombstone, outcome.reports))
        #expect((again.left, again.erased) == (outcome.left, outcome.erased))
        #expect(try await facts(bed.bench) == after)
    }

    @Test func aPartThatTheAddressChoseGoesByAnotherName() async throws {
        try await fill()
        try await bed.export(part: ArchivePart(requester: "Dana@example.com"))
        let other = bed.path + "-other"
        defer { try? FileManager.default.removeItem(atPath: other) }
        try await bed.export(to: other, part: ArchivePart(requester: "dana@example.com"))
        let outcome = try await erase(archive: bed.path, key: nil)
        #expect(try await bed.verify().head.extents.map(\.part.requester) == [outcome.tombstone.placeholder])
        #expect(outcome.archivesOfPart == [ArchiveFolder.place(other)])
        let named = try await bed.bench.collection("report_archives").first(
            ["_id": .string(ArchiveFolder.place(bed.path))], as: BSONDocument.self)
        #expect(named.map { AddressSearch(Self.address).isIn($0.bytes) } == false)
    }

    /// Wherever it ends, the archive is whole and the next run comes to the same.
    @Test(.timeLimit(.minutes(10))) func erasureThatIsKilledAnywhereGoesOn() async throws {
        try await fill()
        try await bed.export()
        func copy() throws -> String {
            let copy = bed.path + "-\(UUID().uuidString)"
            try FileManager.default.copyItem(atPath: bed.path, toPath: copy)
            return copy
        }
        /// Each database makes a key of its own.
        func named(_ contents: [String: [String]]) -> [String: [String]] {
            contents.mapValues { documents in
                documents.map { $0.replacing(/erased-[0-9a-f]{16}@/, with: "erased@") }.sorted()
            }
        }
        let original = try copy()
        defer { try? FileManager.default.removeItem(atPath: original) }
        try await erase(archive: bed.path, key: nil)
        let meant = named(try await ArchiveBed.contents(bed.bench))
        var isOver = false
        var kills = 0
        let (bench, back) = (try await bed.empty(), try await bed.empty())
        while !isOver {
            let path = try copyOf(original)
            defer { try? FileManager.default.removeItem(atPath: path) }
            var load = ArchiveImport(
                try ArchiveFolder(path), into: bench.store.archive, trust: .unsigned, now: ArchiveBed.now)
            _ = try await load.run()
            let crash = CrashPoint(after: kills)
            do {
                try await erase(
                    from: bench, archive: path, key: nil, onStep: { _ in try crash.step() },
                    onWrite: { try crash.step() })
                isOver = true
            } catch is CrashPoint.Crash {
                kills += 1
            }
            try await bed.verify(path)
            let outcome = try await erase(from: bench, archive: path, key: nil)
            #expect(named(try await ArchiveBed.contents(bench)) == meant, "killed at \(kills)")
            let verified = try await bed.verify(path)
            #expect(verified.head.tombstones == [outcome.tombstone], "killed at \(kills)")
            var again = ArchiveImport(
                try ArchiveFolder(path), into: back.store.archive, trust: .unsigned, now: ArchiveBed.now)
            _ = try await again.run()
            #expect(named(try await ArchiveBed.contents(back)) == meant, "killed at \(kills)")
            #expect(try bed.files(path).count == verified.foot.files + 1, "killed at \(kills)")
            for each in [bench, back] { try await ArchiveBed.clear(each) }
        }
        #expect(kills > 15)
    }

    private func copyOf(_ path: String) throws -> String {
        let copy = bed.path + "-\(UUID().uuidString)"
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        return copy
    }

    /// What an export and an erasure leave that were killed goes with the next of either.
    @Test func whatAKilledExportLeftIsErasedToo() async throws {
        try await fill()
        try await bed.export()
        try await bed.change("r-1")
        let crash = CrashPoint(after: 4)
        await #expect(throws: CrashPoint.Crash.self) { try await bed.export { _ in try crash.step() } }
        #expect(try bed.files().keys.contains { $0.hasSuffix("r-1.2.txt") })
        try await erase(archive: bed.path, key: nil)
        let outcome = try await bed.verify()
        #expect(try bed.files().count == outcome.foot.files + 1)
        try await bed.export(sinceLast: true)
        let back = try await bed.empty()
        try await bed.load(into: back)
        #expect(try await ArchiveBed.contents(back) == (try await ArchiveBed.contents(bed.bench)))
    }

    @Test func theProgramWritesAProtocolWithoutTheAddress() async throws {
        try await fill()
        try await bed.export()
        let file = bed.path + "-protocol.txt"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try ChildProgram.output(
            of: [
                OperatorProcess.program("reportctl").path, "erase", "--requester", "DANA@example.com", "--no-cluster",
                "--archive", bed.path, "--protocol", file,
            ], environment: bed.environment())
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(!AddressSearch(Self.address).isIn(Array(text.utf8)) && !text.contains("Reyes"))
        let tombstone = try #require(try await bed.bench.store.archive.tombstones().first)
        for line in [
            "By the key \(tombstone.key) the HMAC-SHA-256 of the address, in small letters, is \(tombstone.code).",
            "Erased from 2 records, 1 events, 2 entries of the ledger of the MongoDB database \(bed.bench.database), of 2 reports:",
            "Erased from 2 reports of the archive \(ArchiveFolder.place(bed.path)), whose manifest is now of export 2:",
            "  r-2: rows, the ledger's channel, the record's pinned",
            "3 reports still hold the address, where an erasure doesn't touch it:",
        ] {
            #expect(text.contains(line + "\n"), "\(text)")
        }
    }
}
