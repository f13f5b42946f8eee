import Foundation
import KubernetesModel
import MongoClient
import ReportRecords
import ReportStores
import ServiceSupport
import Testing

/// Files in MongoDB, as GridFS has them.
@Suite(.services(.mongodb)) struct MongoFileTests {
    let bench: MongoBench
    let bucket: FileBucket

    init() throws {
        bench = try MongoBench(try .current)
        bucket = bench.store.files
    }

    private struct Broken: Error {}

    private func file(_ bytes: [UInt8]) -> ReportFile {
        ReportFile(
            name: "r/p/pdf/f", length: bytes.count, uploadedAt: Date(timeIntervalSince1970: 1_792_540_800),
            metadata: .init(reportID: "r", format: "pdf", sha256: "…", rows: 3))
    }

    private func store(_ bytes: [UInt8], in bucket: FileBucket? = nil) async throws -> FileBucket.Outcome {
        var rest = bytes[...]
        return try await (bucket ?? self.bucket).store(file(bytes)) {
            defer { rest = rest.dropFirst(ReportFile.chunkSize) }
            return Array(rest.prefix(ReportFile.chunkSize))
        }
    }

    private func bytes(_ name: String = "r/p/pdf/f", in bucket: FileBucket? = nil) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        try await (bucket ?? self.bucket).read(name) { bytes += $0 }
        return bytes
    }

    @Test(arguments: [0, 1, ReportFile.chunkSize, ReportFile.chunkSize + 1, 20 * ReportFile.chunkSize + 7])
    func comesBackAsItWas(size: Int) async throws {
        try await bench.store.prepare()
        let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        #expect(try await store(content) == .stored)
        #expect(try await bytes() == content)
        #expect(try await bucket.file(named: "r/p/pdf/f") == file(content))
        let chunks = try await bench.collection("report_files.chunks").count()
        #expect(chunks == (size + ReportFile.chunkSize - 1) / ReportFile.chunkSize)
    }

    @Test func ofManyAtOnceOneIsStoredAndTheOthersFindIt() async throws {
        try await bench.store.prepare()
        let outcomes = try await withThrowingTaskGroup { group in
            for number in 0..<8 {
                group.addTask { try await store(Array(repeating: UInt8(number), count: 600_000)) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == .stored } == 1)
        #expect(Set(try await bytes()).count == 1)
        // The others have left nothing.
        #expect(try await bench.collection("report_files.chunks").count() == 3)
    }

    @Test func whatCannotBeReadToItsEndIsNoFileAndLeavesNothing() async throws {
        try await bench.store.prepare()
        var count = 0
        await #expect(throws: Broken.self) {
            _ = try await bucket.store(file(Array(repeating: 7, count: 20 * ReportFile.chunkSize))) {
                count += 1
                if count == 20 { throw Broken() }
                return Array(repeating: 7, count: ReportFile.chunkSize)
            }
        }
        #expect(try await bucket.file(named: "r/p/pdf/f") == nil)
        #expect(try await bench.collection("report_files.chunks").count() == 0)
    }

    @Test func fewerBytesThanTheFileHasAreNoFileAndLeaveNothing() async throws {
        try await bench.store.prepare()
        var chunks = [Array(repeating: UInt8(7), count: ReportFile.chunkSize)]
        await #expect {
            _ = try await bucket.store(file(Array(repeating: 7, count: 300_000))) { chunks.popLast() ?? [] }
        } throws: { "\($0)".contains("has 300000 bytes, but 261120 were given") }
        #expect(try await bucket.file(named: "r/p/pdf/f") == nil)
        #expect(try await bench.collection("report_files.chunks").count() == 0)
    }

    @Test func aFileThatLacksAChunkIsToldAndNotTakenForWhole() async throws {
        try await bench.store.prepare()
        _ = try await store(Array(repeating: 1, count: 3 * ReportFile.chunkSize))
        _ = try await bench.collection("report_files.chunks").write([.delete(filter: ["n": 1])])
        await #expect { _ = try await bytes() } throws: { "\($0)".contains("lacks bytes") }
        await #expect { _ = try await bytes("absent") } throws: { "\($0)".contains("There is no file absent") }
    }

    @Test func whatIsRemovedIsWhatWasReadAndNothingElse() async throws {
        try await bench.store.prepare()
        let content = Array(repeating: UInt8(1), count: 300_000)
        _ = try await store(content)
        var other = file(content)
        other.metadata.sha256 = "another"
        try await bucket.remove(other)
        #expect(try await bytes().count == 300_000)
        try await bucket.remove(file(content))
        #expect(try await bucket.file(named: "r/p/pdf/f") == nil)
        #expect(try await bench.collection("report_files.chunks").count() == 0)
        try await bucket.remove(file(content))
        #expect(try await store(content) == .stored)
    }

    @Test func whatWasBegunAndNeverBecameAFileIsSweptAfterADay() async throws {
        try await bench.store.prepare()
        _ = try await store(Array(repeating: 1, count: 300_000))
        let chunks = bench.collection("report_files.chunks")
        for second: Int64 in [0, 86400 * 3] {
            for number: Int32 in 0..<20 {
                try await chunks.insert([
                    "files_id": .objectID(.first(ofSecond: 1_792_540_800 + second)), "n": .int32(number),
                    "data": .binary(BSONBinary([1])),
                ])
            }
        }
        let now = Timestamp(seconds: 1_792_540_800 + 86400 * 3)
        #expect(try await bench.store.files.sweep(now: now) == 1)
        #expect(try await chunks.count() == 22)
        #expect(try await bench.store.files.sweep(now: now) == 0)
        #expect(try await bytes().count == 300_000)
    }
}
