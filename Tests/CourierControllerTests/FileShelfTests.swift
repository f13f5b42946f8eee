import AsyncSupport
import Foundation
import Synchronization
import Testing

@testable import CourierController

/// What the courier keeps on its disk while it is sent.
@Suite struct FileShelfTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "shelf-\(UUID().uuidString)").path
    private struct Broken: Error {}

    private func withShelf(limit: Int = 100, _ body: (FileShelf) async throws -> Void) async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(FileShelf(folder: folder, limit: limit))
    }

    private var files: Int { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).count }

    @discardableResult
    private func take(_ key: String, _ size: Int, of shelf: FileShelf) async throws -> String {
        try await shelf.take(key, size: size) { path in
            try Data(repeating: 7, count: size).write(to: URL(filePath: path))
        }
    }

    @Test func fileIsThereOnceAndGoesWithItsLastUse() async throws {
        try await withShelf { shelf in
            let first = try await take("a", 60, of: shelf)
            #expect(try await take("a", 60, of: shelf) == first)
            shelf.keep(["a"])
            #expect(files == 1 && shelf.taken == 60)
            for _ in 0..<2 { shelf.giveBack(["a"]) }
            #expect(FileManager.default.fileExists(atPath: first))
            shelf.giveBack(["a"])
            #expect(files == 0 && shelf.taken == 0)
            // A caller that wants it again has it made again.
            let second = try await take("a", 60, of: shelf)
            #expect(second != first && files == 1)
        }
    }

    @Test func whatDoesNotFitNowSaysSoAndFitsOnceThereIsRoom() async throws {
        try await withShelf { shelf in
            try await take("a", 60, of: shelf)
            try await take("b", 40, of: shelf)
            #expect(!shelf.hasRoom(for: 1))
            await #expect {
                try await take("c", 20, of: shelf)
            } throws: { error in
                "\(error)"
                    == "there is no room for a file of 20 bytes: the files of deliveries that go on take 100 bytes of the 100 "
                    + "bytes that the courier keeps (--work-limit); it goes on once there is room"
            }
            #expect(files == 2 && shelf.taken == 100)
            shelf.giveBack(["b"])
            try await take("c", 20, of: shelf)
            #expect(files == 2 && shelf.taken == 80)
        }
    }

    @Test func whatCanNeverFitIsRefusedForGood() async throws {
        try await withShelf(limit: 12 << 20) { shelf in
            await #expect {
                try await take("a", 20 << 20, of: shelf)
            } throws: { error in
                guard case .permanent(let words) = error as? FileTrouble else { return false }
                return words.contains("the file has 20 MiB, and the courier keeps at most 12 MiB")
                    && words.contains("--work-limit")
            }
            #expect(shelf.taken == 0)
        }
    }

    @Test func whatCannotBeWrittenTakesNoRoomFromAnybody() async throws {
        try await withShelf { shelf in
            let gate = Gate()
            let failing = Task {
                try await shelf.take("a", size: 60) { path in
                    try Data([1]).write(to: URL(filePath: path))
                    try await gate.wait()
                    throw Broken()
                }
            }
            // Another one waits for the same file.
            while shelf.taken == 0 { await Task.yield() }
            let waiting = Task { try await take("a", 60, of: shelf) }
            gate.open()
            await #expect(throws: Broken.self) { try await failing.value }
            _ = await waiting.result
            if case .success = await waiting.result { shelf.giveBack(["a"]) }
            #expect(files == 0 && shelf.taken == 0)
            try await take("a", 100, of: shelf)
            #expect(files == 1 && shelf.taken == 100)
        }
    }

    @Test func manyAtOnceWriteItOnce() async throws {
        try await withShelf { shelf in
            let writes = Writes()
            let paths = try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await shelf.take("a", size: 60) { path in
                            writes.count.withLock { $0 += 1 }
                            try Data([1]).write(to: URL(filePath: path))
                        }
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(paths.count == 1 && writes.count.withLock { $0 } == 1 && shelf.taken == 60)
            for _ in 0..<50 { shelf.giveBack(["a"]) }
            #expect(files == 0 && shelf.taken == 0)
        }
    }

    private final class Writes: Sendable {
        let count = Mutex(0)
    }
}
