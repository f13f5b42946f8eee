import ArchiveFiles
import AsyncSupport
import BSON
import Foundation
import KubernetesModel
import LoopbackSupport
import MongoClient
import ObjectStorage
import ProgramSupport
import ReportArchive
import ReportRecords
import ReportStores
import ServiceSupport
import TestSupport
import Testing

/// Archives in a bucket: on a server of the tests' own, which holds every signature against botocore's. One after the other,
/// as `ArchiveTests`.
@Suite(.serialized, .services(.mongodb)) struct ArchiveBucketTests {
    let bed: ArchiveBed

    init() async throws { bed = try await ArchiveBed(try .current) }

    private func folder(
        _ server: S3Server, _ text: String = "s3://reports/plant/archive", secret: String = S3Server.secret,
        region: String = S3Server.region, sizes: S3Bucket.Sizes = S3Bucket.Sizes(),
        onRequest: (@Sendable (String) throws -> Void)? = nil
    ) throws -> ArchiveFolder {
        var environment = server.environment
        environment["AWS_SECRET_ACCESS_KEY"] = secret
        environment["AWS_REGION"] = region
        environment["AWS_SESSION_TOKEN"] = "a token/of+one session="
        return try ArchiveFolder(bucket(server, text, environment, sizes, onRequest))
    }

    private func bucket(
        _ server: S3Server, _ text: String, _ environment: [String: String]? = nil,
        _ sizes: S3Bucket.Sizes = S3Bucket.Sizes(), _ onRequest: (@Sendable (String) throws -> Void)? = nil
    ) throws -> S3Bucket {
        S3Bucket(
            try #require(S3Location(text)), try S3Configuration(environment: environment ?? server.environment),
            sizes: sizes, backoff: Backoff(first: .milliseconds(1), longest: .milliseconds(20)),
            logger: MongoBench.logger, onRequest: onRequest)
    }

    /// So small that reports, and the manifest, go in parts.
    private static var small: S3Bucket.Sizes {
        var sizes = S3Bucket.Sizes()
        (sizes.part, sizes.whole) = (smallest, 100)
        return sizes
    }

    private static let smallest = 32 << 10

    @discardableResult
    private func export(_ folder: ArchiveFolder, sinceLast: Bool = false) async throws -> ArchiveExport.Outcome {
        var export = ArchiveExport(
            bed.bench.store.archive, to: folder, part: ArchivePart(), key: nil, now: ArchiveBed.now)
        return try await export.run(sinceLast: sinceLast)
    }

    private func verify(_ folder: ArchiveFolder) async throws -> ArchiveVerification.Outcome {
        try await ArchiveVerification(folder, trust: nil).run()
    }

    private func load(_ folder: ArchiveFolder, into bench: MongoBench) async throws {
        var load = ArchiveImport(folder, into: bench.store.archive, trust: .unsigned, now: ArchiveBed.now)
        _ = try await load.run()
    }

    /// The server is slow now and then, breaks connections, and does some of what it doesn't answer.
    @Test func whatGoesIntoABucketComesBack() async throws {
        let server = try S3Server(slow: 6, cut: 5)
        for (number, uid) in ["r-1", "r-2", "Ä/..", "r-4"].enumerated() {
            try await bed.publish(uid, file: number == 1 ? 700_000 : 0)
        }
        let outcome = try await export(try folder(server))
        #expect(outcome.reports == 4 && outcome.foot.files == 6 && outcome.unnoted == nil)
        #expect(try await verify(try folder(server)).foot == outcome.foot)
        let before = try await ArchiveBed.contents(bed.bench)
        let other = try await bed.empty()
        try await load(try folder(server), into: other)
        #expect(try await ArchiveBed.contents(other) == before)

        // What was replaced goes; all of it is below the prefix.
        try await bed.change("r-2")
        #expect(try await export(try folder(server), sinceLast: true).reports == 1)
        let objects = try server.objects()
        #expect(objects.count == 7 && objects.keys.allSatisfy { $0.hasPrefix("plant/archive/") })
        #expect(try await bed.bench.collection("report_archives").count(["_id": "s3://reports/plant/archive"]) == 1)

        // Rows and files go, and come back from where the mark says.
        let changed = try await ArchiveBed.contents(bed.bench)
        var offload = ArchiveOffload(
            bed.bench.store.archive, to: try folder(server), part: ArchivePart(), key: nil, now: ArchiveBed.later,
            before: ArchiveBed.later - 90 * 86_400_000)
        #expect(try await offload.run().reports == 4)
        #expect(try await bed.bench.store.archive.offload(of: "r-1")?.archive == "s3://reports/plant/archive")
        var restore = ArchiveRestore(try folder(server), into: bed.bench.store.archive, key: nil)
        #expect(try await restore.run(["r-1", "r-2", "r-4", "Ä/.."]).restored == 4)
        #expect(try await ArchiveBed.contents(bed.bench) == changed)
        let erased = try await ReportErasure(
            bed.bench.store.archive, address: "dana@example.com", archive: try folder(server), key: nil,
            now: ArchiveBed.now
        ).run()
        #expect(erased.archive?.changed == 4)
        let back = try await bed.empty()
        try await load(try folder(server), into: back)
        #expect(try await ArchiveBed.contents(back) == (try await ArchiveBed.contents(bed.bench)))
    }

    @Test func whatIsDamagedOrRefusedIsNamed() async throws {
        let server = try S3Server()
        try await bed.publish("r-1", file: 300_000)
        try await export(try folder(server))
        func fault(_ folder: ArchiveFolder) async throws -> String {
            let trouble = try await #require(throws: ArchiveTrouble.self) { _ = try await verify(folder) }
            #expect(trouble.faults.count == 1)
            return trouble.description
        }
        #expect(try await fault(try folder(server, secret: "another")).contains("SignatureDoesNotMatch"))
        #expect(try await fault(try folder(server, region: "us-east-1")).contains("AuthorizationHeaderMalformed"))
        #expect(try await fault(try folder(server, "s3://nobodys")).contains("s3://nobodys/manifest.txt: NoSuchBucket"))
        #expect(try await fault(try folder(server, "s3://reports/elsewhere")).contains("is not an archive"))
        let pdf = try #require(try server.objects().keys.first { $0.hasSuffix(".pdf") })
        try server.flip(pdf)
        let name = pdf.replacing("plant/archive/", with: "")
        #expect(try await fault(try folder(server)) == "\(name): its SHA-256 is not the manifest's, so it was changed")
    }

    /// Each part is signed by itself; the server obeys S3's rules for them, and fails as in the test above.
    @Test func whatIsLongGoesInParts() async throws {
        let server = try S3Server(slow: 7, cut: 5, smallestPart: Self.smallest)
        for uid in ["r-1", "r-2"] { try await bed.publish(uid, file: uid == "r-1" ? 300_000 : 0) }
        let outcome = try await export(try folder(server, sizes: Self.small))
        var state = try server.state()
        #expect(state.parts >= 300_000 / Self.smallest && state.longest <= Self.smallest)
        #expect(state.objects.count == outcome.foot.files + 1)
        for uid in ["r-1", "r-2"] { try await bed.change(uid) }
        #expect(try await export(try folder(server, sizes: Self.small), sinceLast: true).reports == 2)
        state = try server.state()
        #expect(state.objects.count == outcome.foot.files + 1)
        let back = try await bed.empty()
        try await load(try folder(server, sizes: Self.small), into: back)
        #expect(try server.state().longest <= Self.smallest)
        #expect(try await ArchiveBed.contents(back) == (try await ArchiveBed.contents(bed.bench)))
        // Of an upload whose beginning was not answered nobody knows.
        try await bucket(server, "s3://reports/plant/archive").abortUploads(before: .max) { _ in true }
        #expect(try server.state().uploads == [])
    }

    /// Where the writer lives on, its parts go at once.
    @Test func uploadThatFailsIsGivenUp() async throws {
        struct Failure: Error {}
        let server = try S3Server(smallestPart: Self.smallest)
        try await bed.publish("r-1", file: 300_000)
        let failing = try folder(server, sizes: Self.small) { request in
            if request.contains("partNumber=3") { throw Failure() }
        }
        await #expect(throws: Failure.self) { try await export(failing) }
        let state = try server.state()
        #expect(state.parts == 2 && state.uploads == [] && state.objects["plant/archive/manifest.txt"] == nil)
    }

    /// The program itself, with a file of many parts.
    @Test func aLongFileTakesNoMoreMemoryThanAShortOne() async throws {
        let server = try S3Server()
        try await bed.publish("r-1", file: 10)
        func peak(_ arguments: String...) throws -> Int {
            let script = """
                import resource, subprocess, sys
                subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)
                print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
                """
            let output = try ChildProgram.output(
                of: ["/usr/bin/python3", "-c", script] + ArchiveBed.program + arguments,
                environment: bed.environment().merging(server.environment) { $1 })
            let said = String(decoding: output, as: UTF8.self)
            return try #require(Int(said.trimmingCharacters(in: .whitespacesAndNewlines)))
        }
        let chunk = (0..<ReportFile.chunkSize).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        func peaks(_ chunks: Int) async throws -> (export: Int, verify: Int) {
            var rest = chunks
            let file = ReportFile(
                name: "r-1/p/csv/\(chunks)", length: chunks * ReportFile.chunkSize,
                uploadedAt: Timestamp.start.date,
                metadata: .init(reportID: "r-1", format: "csv", sha256: "…", rows: 3))
            let outcome = try await bed.bench.store.files.store(file) {
                rest -= 1
                return rest >= 0 ? chunk : []
            }
            #expect(outcome == .stored)
            let place = "s3://reports/\(chunks)"
            return (try peak("export", "--to", place), try peak("verify", place))
        }
        // 20 MB, and 80 MB besides: what comes of MongoDB at once is less than either.
        let (short, long) = (try await peaks(80), try await peaks(320))
        let state = try server.state()
        #expect(state.parts == 3 + 3 + 10 && state.longest == 8 << 20 && state.uploads == [])
        // In kB: how much of one part waits to be written depends on who is faster.
        #expect(long.export - short.export < 40_000 && long.verify - short.verify < 40_000, "\(short) \(long)")
    }

    @Test func exportThatIsKilledAtAnyRequestIsFollowedByAnother() async throws {
        let server = try S3Server(smallestPart: Self.smallest)
        for uid in ["r-1", "r-2"] { try await bed.publish(uid, file: uid == "r-2" ? 100_000 : 0) }
        let meant = try await ArchiveBed.contents(bed.bench)
        let back = try await bed.empty()
        var kills = 0
        var leftovers = 0
        var isOver = false
        while !isOver {
            let place = "s3://reports/kill-\(kills)"
            try await export(try folder(server, place))
            let crash = CrashPoint(after: kills)
            do {
                try await export(try folder(server, place, sizes: Self.small) { _ in try crash.step() })
                isOver = true
            } catch is CrashPoint.Crash { kills += 1 }
            leftovers += try server.state().uploads.count
            #expect(try await verify(try folder(server, place)).foot.reports == 2, "killed at \(kills)")
            let outcome = try await export(try folder(server, place))
            let state = try server.state()
            let objects = state.objects.keys.filter { $0.hasPrefix(place.dropFirst(13) + "/") }
            #expect(objects.count == outcome.foot.files + 1, "killed at \(kills): \(objects)")
            #expect(state.uploads == [], "killed at \(kills)")
            try await load(try folder(server, place), into: back)
            #expect(try await ArchiveBed.contents(back) == meant, "killed at \(kills)")
            try await ArchiveBed.clear(back)
        }
        #expect(kills > 20 && leftovers > 0)
    }

    /// Also where the manifest goes in parts.
    @Test func onlyOneOfTwoThatWriteAtTheSameTimeSucceeds() async throws {
        let server = try S3Server(smallestPart: Self.smallest)
        try await bed.publish("r-1")
        for sizes in [S3Bucket.Sizes(), S3Bucket.Sizes(), Self.small] {
            let late = try folder(server, sizes: sizes)
            _ = try await late.file(ArchivePath.manifest)
            try await export(try folder(server))
            let trouble = try await #require(throws: ArchiveTrouble.self) { try await export(late) }
            #expect(trouble.isBusy && trouble.description.contains("another command has written this archive"))
            _ = try await verify(try folder(server))
            #expect(try server.state().uploads == [])
        }
    }

    /// The program itself, with the variables of Amazon's tools.
    @Test func theProgramTakesABucket() async throws {
        let server = try S3Server()
        try await bed.publish("r-1")
        func run(_ arguments: [String], secret: String? = S3Server.secret) throws -> (status: Int32, said: String) {
            try bed.run(
                arguments,
                environment: [
                    "AWS_ACCESS_KEY_ID": S3Server.id, "AWS_SECRET_ACCESS_KEY": secret,
                    "AWS_DEFAULT_REGION": S3Server.region,
                ])
        }
        let (bucket, endpoint) = ("s3://reports/a", ["--s3-endpoint", server.endpoint])
        let exported = try run(["export", "--to", bucket] + endpoint)
        #expect(exported.status == 0, "\(exported)")
        #expect(try run(["verify", bucket] + endpoint).said.contains("All of it is right: 1 reports"))
        #expect(try run(["import", bucket, "--trust-unsigned"] + endpoint).status == 0)
        let refused = try run(["verify", bucket] + endpoint, secret: nil)
        #expect(refused.status == 1 && refused.said.contains("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"))
        #expect(try run(["verify", "s3://Reports"] + endpoint).said.contains("is not a bucket with a prefix"))
    }
}

struct S3LocationTests {
    @Test(arguments: [
        "s3://", "s3://ab", "s3://Reports", "s3://reports/../x", "s3://reports//x", "s3://reports/a b", "/reports",
    ])
    func placeThatIsNoneIsRefused(text: String) { #expect(S3Location(text) == nil) }
}
