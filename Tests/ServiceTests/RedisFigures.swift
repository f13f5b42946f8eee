import Foundation
import RedisClient
import ServiceSupport
import Testing

/// What the client costs, printed. What is asserted is counted by the server or the kernel, and says nothing of the machine's
/// speed.
@Suite(.serialized) struct RedisFigures {
    @Test func aBatchIsSentWithoutWaitingForItsReplies() async throws {
        let server = try await LiveRedis(keepsData: false)
        let before = residentKiB()
        let redis = server.connection { $0.commandTimeout = .seconds(60) }
        _ = try await redis.send(RedisCommand("PING"))
        let connected = residentKiB()
        var begin = ContinuousClock.now
        let reads = try await readings(of: redis)
        for _ in 0..<10 {
            _ = try await redis.sendAll((0..<10_000).map { RedisCommand("SET", "key", RedisArgument($0)) })
        }
        let batched = 100_000 / (begin.duration(to: .now) / Duration.seconds(1))
        let batchedReads = try await readings(of: redis) - reads
        begin = .now
        await withDiscardingTaskGroup { group in
            for _ in 0..<100 {
                group.addTask { for _ in 0..<500 { _ = try? await redis.send(RedisCommand("GET", "key")) } }
            }
        }
        let shared = 50_000 / (begin.duration(to: .now) / Duration.seconds(1))
        print(
            "commands a second: \(Int(batched)) in batches, \(Int(shared)) of 100 tasks;",
            "resident memory: +\(connected - before) KiB connected, +\(residentKiB() - before) KiB after the load;",
            "the server read \(batchedReads) times for 100,000 commands in batches")
        // One that waited for each reply would make it read a hundred thousand times.
        #expect(batchedReads < 10_000)
    }

    /// How often the server has read from its connections, at the most as much as fits into its buffer.
    private func readings(of redis: RedisConnection) async throws -> Int {
        let text = try await redis.send(RedisCommand("INFO", "stats")).string ?? ""
        let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("total_reads_processed:") }
        return try #require(line?.split(separator: ":").last.flatMap { Int($0) }, "\(text)")
    }

    /// In a process of its own: its threads are the test's alone.
    @Test func anIdleConnectionCostsNoProcessorTime() async {
        await #expect(processExitsWith: .success) {
            let server = try await LiveRedis(keepsData: false)
            let redis = server.connection()
            _ = try await redis.send(RedisCommand("PING"))
            let begin = redisThreadTicks()
            // The measure is what happens in a stretch of time: there is no event to wait for.
            try await Task.sleep(for: .seconds(2))
            let ticks = try #require(begin.map { begin in redisThreadTicks().map { $0 - begin } } ?? nil)
            // One that asked every 10 ms would have two hundred wake-ups, and more than these.
            #expect(ticks <= 2, "\(ticks * 10) ms in 2 s")
            server.kill()
        }
    }

    private func residentKiB() -> Int {
        let status = text(of: "/proc/self/status")
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") } ?? ""
        return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }
}

private func text(of path: String) -> String {
    String(decoding: FileHandle(forReadingAtPath: path)?.readDataToEndOfFile() ?? Data(), as: UTF8.self)
}

/// Clock ticks (10 ms) that threads called "redis" have used; nil where there is no such thread.
private func redisThreadTicks() -> Int? {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    return tasks.reduce(nil) { sum, task in
        let stat = text(of: "/proc/self/task/\(task)/stat")
        guard stat.contains("(redis)") else { return sum }
        let columns = stat.split(separator: " ")
        return (sum ?? 0) + (Int(columns[13]) ?? 0) + (Int(columns[14]) ?? 0)
    }
}
