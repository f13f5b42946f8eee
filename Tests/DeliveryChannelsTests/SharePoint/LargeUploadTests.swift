import ChannelServers
import DeliveryChannels
import Foundation
import KubernetesModel
import ReportAPI
import Testing

@Suite("SharePoint, files in pieces", .timeLimit(.minutes(5))) struct LargeUploadTests {
    private static let piece = 16 * 320 * 1024
    /// Three whole pieces and a short one.
    private static let size = 3 * piece + 4711
    private static let content = Copies.bytes(size)

    private func withFile<Value>(
        _ content: Data = content, _ body: (Dispatch.File) async throws -> Value
    ) async throws -> Value {
        let file = try Copies.file(content)
        defer { Copies.remove([file]) }
        return try await body(file)
    }

    private func pieces(_ fixture: SharePointFixture) async throws -> [String] {
        try await fixture.world.state().log.filter { $0.method == "PUT" }.compactMap(\.range)
    }

    private func expectWhole(_ fixture: SharePointFixture, _ file: Dispatch.File) async throws {
        let state = try await fixture.world.state()
        let stored = try #require(state.files["\(SharePointFixture.folder)/\(file.name)"])
        #expect(stored.sha256 == file.sha256 && stored.versions == 1, "\(stored)")
        #expect(state.files.count == 1 && state.open == 0)
        #expect(state.log.filter { $0.path.hasPrefix("/upload/") }.allSatisfy { !$0.authorized })
    }

    @Test("Pieces are multiples of 320 KiB, in order, without a token, to the address that was named")
    func pieces() async throws {
        let fixture = try SharePointFixture()
        try await withFile { file in
            #expect(await fixture.send([file]).isSent)
            try await expectWhole(fixture, file)
            let state = try await fixture.world.state()
            #expect(
                try await pieces(fixture) == [
                    "bytes 0-5242879/15733351", "bytes 5242880-10485759/15733351", "bytes 10485760-15728639/15733351",
                    "bytes 15728640-15733350/15733351",
                ])
            #expect(state.log.contains { $0.path.hasPrefix("/upload/") && $0.query == "tempauth=v1.hush" })
        }
    }

    @Test(
        "Cut at any piece, before it, in it or behind it, the file ends whole, once",
        arguments: 0..<4, ["half", "before", "after"]) func cut(piece: Int, cut: String) async throws
    {
        let fixture = try SharePointFixture()
        try await fixture.world.fault([
            "method": .string("PUT"), "path": .string("upload/"), "cut": .string(cut), "skip": .integer(Int64(piece)),
        ])
        try await withFile { file in
            #expect(await fixture.send([file]).isSent)
            try await expectWhole(fixture, file)
            // What had arrived isn't sent again.
            #expect(try await pieces(fixture).count == (cut == "before" ? 5 : 4))
        }
    }

    @Test("Cut at any piece for longer, the next try goes on where it was", arguments: 0..<4)
    func cutForLonger(piece: Int) async throws {
        let fixture = try SharePointFixture()
        try await fixture.world.fault([
            "method": .string("PUT"), "path": .string("upload/"), "cut": .string("before"),
            "skip": .integer(Int64(piece)), "times": .integer(3),
        ])
        try await withFile { file in
            #expect(await fixture.send([file]).isDeferred)
            #expect(await fixture.send([file]).isSent)
            try await expectWhole(fixture, file)
            #expect(try await pieces(fixture).count == 4 + 3)
        }
    }

    @Test("A session that has expired is begun anew", arguments: 1..<4) func expiry(piece: Int) async throws {
        let fixture = try SharePointFixture()
        try await fixture.world.fault([
            "method": .string("PUT"), "path": .string("upload/"), "status": .integer(503),
            "skip": .integer(Int64(piece)),
            "headers": .object(["Retry-After": .string("30")]),
        ])
        try await withFile { file in
            let outcome = await fixture.send([file])
            guard case .deferred(let words, .seconds(30)?) = outcome else { throw CancellationError() }
            #expect(words == "SharePoint's upload answered 503")
            try await fixture.world.set(.object(["expireSessions": .bool(true)]))
            #expect(await fixture.send([file]).isSent)
            try await expectWhole(fixture, file)
        }
        let midway = try SharePointFixture()
        try await midway.world.fault([
            "method": .string("PUT"), "path": .string("upload/"), "status": .integer(404),
            "skip": .integer(Int64(piece)),
        ])
        try await withFile { file in
            #expect(await midway.send([file]).isSent)
            let sent = try await pieces(midway)
            #expect(sent.count == piece + 1 + 4)
        }
    }

    @Test("After 416 the server is asked what it lacks, and what it wants is sent") func outOfStep() async throws {
        let fixture = try SharePointFixture()
        // It says that it lacks what it has: the same piece again gets 416.
        try await fixture.world.set(.object(["options": .object(["lie": .integer(0)])]))
        try await fixture.world.fault([
            "method": .string("PUT"), "path": .string("upload/"), "cut": .string("after"), "skip": .integer(1),
        ])
        try await withFile { file in
            #expect(await fixture.send([file]).isSent)
            try await expectWhole(fixture, file)
            #expect(try await pieces(fixture)[2].hasPrefix("bytes 0-"))
        }
    }

    @Test("The ranges that the server expects are followed") func ranges() async throws {
        let fixture = try SharePointFixture()
        try await fixture.world.fault([
            "method": .string("PUT"), "path": .string("upload/"), "status": .integer(202),
            "body": .object(["nextExpectedRanges": .array([.string("0-327679"), .string("655360-")])]),
        ])
        try await withFile { file in
            #expect(await fixture.send([file]).isSent)
            try await expectWhole(fixture, file)
            #expect(try await pieces(fixture)[1] == "bytes 0-327679/15733351")
        }
    }

    @Test("One that never gets on is given up for now", arguments: [202, 416]) func stalled(status: Int) async throws {
        let fixture = try SharePointFixture()
        try await fixture.world.fault([
            "method": .string("PUT"), "path": .string("upload/"), "status": .integer(Int64(status)),
            "body": .object(["nextExpectedRanges": .array([.string("0-")])]), "times": .integer(100),
        ])
        let outcome = try await withFile { await fixture.send([$0]) }
        #expect(outcome.isDeferred && outcome.words.contains("takes no more of"))
        #expect(try await pieces(fixture).count == 3)
    }

    @Test("What stops it is said without the address", arguments: [409, 423, 429, 500, 507])
    func statuses(status: Int) async throws {
        let fixture = try SharePointFixture()
        try await fixture.world.fault([
            "method": .string("PUT"), "path": .string("upload/"), "status": .integer(Int64(status)),
            "skip": .integer(3),
            "body": .object([
                "error": .object(["code": .string("nameAlreadyExists"), "message": .string("There is one")])
            ]),
        ])
        try await withFile { file in
            let outcome = await fixture.send([file])
            #expect(outcome.isDeferred && outcome.words.contains("\(status) nameAlreadyExists: There is one"))
            #expect(!outcome.words.contains("tempauth") && !outcome.words.contains("/upload"))
            #expect(await fixture.send([file]).isSent)
        }
    }

    @Test("Bytes go to https alone") func scheme() async throws {
        let fixture = try SharePointFixture()
        try await fixture.world.set(.object(["options": .object(["uploadScheme": .string("http")])]))
        let outcome = try await withFile { await fixture.send([$0]) }
        #expect(outcome.isRefused && outcome.words.contains("not https"))
        #expect(try await pieces(fixture).isEmpty)
    }

    /// In a process of its own: the kernel counts the memory of all suites that run in one.
    @Test("Memory doesn't grow with a file") func memory() async {
        await #expect(processExitsWith: .success) {
            let fixture = try SharePointFixture()
            let path = FileManager.default.temporaryDirectory
                .appendingPathComponent("sparse-\(UUID().uuidString)").path
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            defer { try? FileManager.default.removeItem(atPath: path) }
            let handle = try #require(FileHandle(forWritingAtPath: path))
            func peak(sending megabytes: Int) async throws -> Int {
                try handle.truncate(atOffset: UInt64(megabytes) << 20)
                let file = Dispatch.File(
                    format: .csv, name: "long-\(megabytes).csv", path: path, size: megabytes << 20, sha256: "")
                // The hash isn't known here, so that it is said to be another; all bytes went out.
                let outcome = await fixture.send([file])
                #expect(outcome.words.contains("with another content"), "\(outcome)")
                return try peakMemory()
            }
            let first = try await peak(sending: 20)
            let grown = try await peak(sending: 160) - first
            // Two pieces of 5 MiB may be held where one was.
            #expect(grown < 12 << 20, "\(grown >> 20) MiB for 140 MiB more")
        }
    }
}

/// In bytes: the most that this process has held.
private func peakMemory() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM") })
    return try #require(line.split(separator: " ").compactMap { Int($0) }.first) << 10
}
