import ArchiveFiles
import BSON
import Digests
import Foundation
import MongoClient
import ProgramSupport
import ReportArchive
import ReportStores
import ServiceSupport
import Testing

/// Archives that only the holder of a key can read. One after the other, as `ArchiveTests`.
@Suite(.serialized, .services(.mongodb)) struct ArchiveSealingTests {
    let bed: ArchiveBed
    private let identity: AgeIdentity
    private let other: AgeIdentity
    /// Of `identity`, and of `other`.
    private let file: String
    private let otherFile: String

    init() async throws {
        bed = try await ArchiveBed(try .current)
        (identity, file) = try bed.newIdentity()
        (other, otherFile) = try bed.newIdentity()
    }

    private func folder(
        _ identities: [AgeIdentity], at path: String? = nil,
        onStep: (@Sendable (ArchiveFolder.Step) throws -> Void)? = nil
    ) throws -> ArchiveFolder {
        try ArchiveFolder(
            path ?? bed.path, isToBeMade: true, recipients: [identity.recipient], identities: identities, onStep: onStep
        )
    }

    @discardableResult
    private func export(
        to path: String? = nil, sinceLast: Bool = false, onStep: (@Sendable (ArchiveFolder.Step) throws -> Void)? = nil
    ) async throws -> ArchiveExport.Outcome {
        // It needs no secret.
        var export = ArchiveExport(
            bed.bench.store.archive, to: try folder([], at: path, onStep: onStep), part: ArchivePart(), key: nil,
            now: ArchiveBed.now)
        return try await export.run(sinceLast: sinceLast)
    }

    private func verify(_ identities: [AgeIdentity], _ path: String? = nil) async throws -> ArchiveVerification.Outcome
    {
        try await ArchiveVerification(try folder(identities, at: path), trust: nil, opensAll: false).run()
    }

    private func load(_ identities: [AgeIdentity], into bench: MongoBench) async throws {
        var load = ArchiveImport(
            try folder(identities), into: bench.store.archive, trust: .unsigned, now: ArchiveBed.now)
        _ = try await load.run()
    }

    @Test func onlyWhoHasTheKeyReadsIt() async throws {
        try await bed.publish("r-1", file: 300_000)
        try await bed.publish("r-2")
        let outcome = try await export()
        #expect(outcome.reports == 2 && outcome.foot.files == 4)
        let files = try bed.files()
        #expect(files.keys.filter { $0.contains("/") }.allSatisfy { $0.hasSuffix(".age") })
        for (name, data) in files where name != "manifest.txt" {
            #expect(data.starts(with: Data("age-encryption.org/v1\n".utf8)))
            for word in ["dana", "Dana", "finance", "account", "This is the report"] {
                #expect(data.firstRange(of: Data(word.utf8)) == nil, "\(name) \(word)")
            }
        }
        #expect(try await verify([]).unopened == 2)
        #expect(try await verify([identity]).unopened == 0)
        let back = try await bed.empty()
        for (keys, words) in [
            ([], "is encrypted; name the file of its key: --identity"), ([other], "is encrypted to another key"),
        ] {
            let trouble = try await #require(throws: ArchiveTrouble.self) { try await load(keys, into: back) }
            #expect(trouble.faults.count == 1 && trouble.description.contains(words), "\(trouble)")
        }
        #expect(try await ArchiveBed.contents(back).values.allSatisfy(\.isEmpty))
        try await load([other, identity], into: back)
        #expect(try await ArchiveBed.contents(back) == (try await ArchiveBed.contents(bed.bench)))
    }

    /// Without this software.
    @Test func ageOpensItAndItIsThePlainText() async throws {
        try await bed.publish("r-1", file: 70_000)
        try await export()
        let plain = bed.path + "-plain"
        defer { try? FileManager.default.removeItem(atPath: plain) }
        try await bed.export(to: plain)
        for (name, data) in try bed.files(plain) where name.contains("/") {
            let opened = try ChildProgram.output(of: ["/usr/bin/age", "-d", "-i", file, "\(bed.path)/\(name).age"])
            #expect(opened == data, "\(name)")
        }
    }

    @Test func flippedByteIsNamedWithTheKeyAndWithoutIt() async throws {
        try await bed.publish("r-1", file: 300_000)
        try await export()
        for name in try bed.files().keys where name.contains("/") {
            let path = URL(filePath: bed.path).appending(path: name)
            let whole = try Data(contentsOf: path)
            for position in [3, 40, 60, 100, 190, 200, whole.count / 2, whole.count - 1] {
                var flipped = whole
                flipped[position] ^= 1
                try flipped.write(to: path)
                for keys in [[], [identity]] {
                    let trouble = try await #require(throws: ArchiveTrouble.self) { _ = try await verify(keys) }
                    #expect(trouble.faults.count == 1 && trouble.faults[0].hasPrefix("\(name): "), "\(trouble)")
                    #expect(!trouble.isOfKey && trouble.faults[0].contains("changed"), "\(position): \(trouble)")
                }
            }
            try whole.write(to: path)
        }
        _ = try await verify([identity])
    }

    @Test func anEncryptedArchiveStaysSoAndAPlainOneBecomesSo() async throws {
        try await bed.publish("r-1", file: 10)
        try await bed.publish("r-2")
        try await bed.export()
        try await bed.change("r-1")
        try await export(sinceLast: true)
        let names = try bed.files().keys.filter { $0.contains("/") }
        #expect(names.filter { $0.hasSuffix(".age") }.count == 3 && names.count == 4)
        #expect(try await verify([]).unopened == 1)
        let trouble = try await #require(throws: ArchiveTrouble.self) { try await bed.export(sinceLast: true) }
        #expect(trouble.description.contains("needs --encrypt-to"))
        let back = try await bed.empty()
        try await load([identity], into: back)
        #expect(try await ArchiveBed.contents(back) == (try await ArchiveBed.contents(bed.bench)))
    }

    @Test func exportThatIsKilledAnywhereGoesOnWithoutTheSecret() async throws {
        for uid in ["r-1", "r-2"] { try await bed.publish(uid, file: uid == "r-2" ? 100_000 : 0) }
        let meant = try await ArchiveBed.contents(bed.bench)
        var kills = 0
        var resumed = 0
        var isOver = false
        while !isOver {
            let path = bed.path + "-\(UUID().uuidString)"
            defer { try? FileManager.default.removeItem(atPath: path) }
            let crash = CrashPoint(after: kills)
            do {
                try await export(to: path) { _ in try crash.step() }
                isOver = true
            } catch is CrashPoint.Crash { kills += 1 }
            resumed += try await export(to: path).resumed
            let outcome = try await verify([identity], path)
            #expect(outcome.foot.reports == 2)
            #expect(try bed.files(path).count == outcome.foot.files + 1, "killed at \(kills)")
        }
        #expect(kills > 8 && resumed > 0)
        #expect(try await ArchiveBed.contents(bed.bench) == meant)
    }

    @Test func offloadRestoreAndErasureWorkOnIt() async throws {
        try await bed.publish("r-1", file: 100_000)
        try await bed.bench.collection("reports").update(
            ["_id": "r-1"], with: ["$set": ["requester": ["name": "Dana", "email": "dana@example.com"]]])
        try await export()
        let store = bed.bench.store.archive
        for keys in [[], [other]] {
            let erasure = ReportErasure(
                store, address: "dana@example.com", archive: try folder(keys), key: nil, now: ArchiveBed.now)
            await #expect(throws: ArchiveTrouble.self) { try await erasure.run() }
        }
        let erased = try await ReportErasure(
            store, address: "dana@example.com", archive: try folder([identity]), key: nil, now: ArchiveBed.now
        ).run()
        #expect(erased.archive?.reports == ["r-1"])
        #expect(try bed.files().keys.filter { $0.contains("/") }.allSatisfy { $0.hasSuffix(".age") })
        let before = try await ArchiveBed.contents(bed.bench)
        func offload(_ keys: [AgeIdentity]) async throws -> Int {
            var offload = ArchiveOffload(
                store, to: try folder(keys), part: ArchivePart(), key: nil, now: ArchiveBed.later,
                before: ArchiveBed.later - 90 * 86_400_000)
            return try await offload.run().reports
        }
        await #expect(throws: ArchiveTrouble.self) { try await offload([]) }
        #expect(try await offload([identity]) == 1)
        #expect(try await bed.bench.collection("report_rows").count() == 0)
        for (keys, isRestored) in [([], false), ([other], false), ([identity], true)] {
            var restore = ArchiveRestore(try folder(keys), into: store, key: nil)
            let done = try? await restore.run(["r-1"])
            #expect(done == (isRestored ? .init(restored: 1) : nil))
        }
        #expect(try await ArchiveBed.contents(bed.bench) == before)
    }

    /// The program itself.
    @Test func theProgramEncryptsAndReadsBack() async throws {
        try await bed.publish("r-1", file: 10)
        func run(_ arguments: String...) throws -> (status: Int32, said: String) { try bed.run(arguments) }
        #expect(try run("export", "--to", bed.path, "--encrypt-to", "\(identity.recipient)").status == 0)
        #expect(
            try run("verify", bed.path).said.contains("1 reports are encrypted: their bytes are as they were exported"))
        #expect(try run("verify", bed.path, "--identity", file).said.contains("All of it is right: 1 reports"))
        let wrong = try run("verify", bed.path, "--identity", otherFile)
        #expect(
            wrong.status == 1 && wrong.said.hasSuffix("is encrypted to another key than that of --identity\n"),
            "\(wrong)")
        #expect(try run("import", bed.path, "--trust-unsigned", "--identity", file).status == 0)
        #expect(try run("export", "--to", bed.path).said.contains("needs --encrypt-to"))
        #expect(try run("export", "--to", bed.path, "--encrypt-to", "age1nobody").status == 2)
        #expect(
            try run("verify", bed.path, "--identity", "\(bed.path)/manifest.txt").said.contains(
                "has no secret key of age"))
    }
}
