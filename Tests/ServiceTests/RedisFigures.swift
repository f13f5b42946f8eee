import Foundation
import RedisClient
import ServiceSupport
import Testing

/// What the client costs, printed. The bounds are wide: they catch a client that polls or waits for each reply.
@Suite(.serialized) struct RedisFigures {
    @Test func pipelinedCommandsAndMemory() async throws {
        let server = try await LiveRedis(keepsData: false)
        let before = residentKiB()
        let redis = server.connection { $0.commandTimeout = .seconds(60) }
        _ = try await redis.send(RedisCommand("PING"))
        let connected = residentKiB()
        var begin = ContinuousClock.now
        for _ in 0..<10 {
            _ = try await redis.sendAll((0..<10_000).map { RedisCommand("SET", "key", RedisArgument($0)) })
        }
        let batched = 100_000 / (begin.duration(to: .now) / Duration.seconds(1))
        begin = .now
        await withDiscardingTaskGroup { group in
            for _ in 0..<100 {
                group.addTask { for _ in 0..<500 { _ = try? await redis.send(RedisCommand("GET", "key")) } }
            }
        }
        let shared = 50_000 / (begin.duration(to: .now) / Duration.seconds(1))
        let threadTime = redisThreadTicks()
        try await Task.sleep(for: .seconds(2))
        let idleTicks = redisThreadTicks() - threadTime
        print(
            "commands a second: \(Int(batched)) in batches, \(Int(shared)) of 100 tasks;",
            "resident memory: +\(connected - before) KiB connected, +\(residentKiB() - before) KiB after the load;",
            "processor time of 2 idle seconds: \(idleTicks * 10) ms")
        #expect(batched > 10_000)
        #expect(shared > 3000)
    }

    private func text(of path: String) -> String {
        String(decoding: FileHandle(forReadingAtPath: path)?.readDataToEndOfFile() ?? Data(), as: UTF8.self)
    }

    private func residentKiB() -> Int {
        let status = text(of: "/proc/self/status")
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") } ?? ""
        return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }

    /// Clock ticks (10 ms) that threads called "redis" have used.
    private func redisThreadTicks() -> Int {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.reduce(0) { sum, task in
            let stat = text(of: "/proc/self/task/\(task)/stat")
            guard stat.contains("(redis)") else { return sum }
            let columns = stat.split(separator: " ")
            return sum + (Int(columns[13]) ?? 0) + (Int(columns[14]) ?? 0)
        }
    }
}
