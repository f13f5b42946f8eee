import AsyncSupport
import LoopbackSupport
import RedisClient
import ReportStores
import ServiceSupport
import Synchronization
import Testing

/// Requests that come over a stream.
@Suite(.serialized) struct RedisIntakeTests {
    /// What a handler did.
    final class Handled: Sendable {
        private let counts = Mutex<[String: Int]>([:])
        private let inHand = Mutex((now: 0, most: 0))

        var ids: [String: Int] { counts.withLock { $0 } }
        var most: Int { inHand.withLock { $0.most } }

        func begin(_ id: String) -> Int {
            inHand.withLock { inHand in
                inHand.now += 1
                inHand.most = max(inHand.most, inHand.now)
            }
            return counts.withLock { counts in
                counts[id, default: 0] += 1
                return counts[id, default: 0]
            }
        }

        func end() { inHand.withLock { $0.now -= 1 } }
    }

    @Test func thousandMessagesWithGarbageAreSortedRightly() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        // A third twice, a third garbage; some before the group exists.
        func message(_ index: Int) -> RedisCommand {
            switch index % 3 {
            case 0: add("id", "r-\(index / 6)", "pipeline", "daily")
            case 1: add("id", "r-\(index)", "pipeline", "daily", "priority", "\(index % 1000)")
            default: index % 2 == 0 ? add("id", "Bad Name \(index)", "pipeline", "daily") : add("what", "\(index)")
            }
        }
        _ = try await redis.sendAll((0..<500).map(message))
        let handled = Handled()
        let running = start(server, consumer: "one", handled)
        _ = try await redis.sendAll((500..<1000).map(message))
        try await settled(redis, delivered: 1000)
        running.cancel()
        await running.value

        let good = (0..<1000).filter { $0 % 3 != 2 }.map { $0 % 3 == 0 ? "r-\($0 / 6)" : "r-\($0)" }
        #expect(Set(handled.ids.keys) == Set(good))
        let rejected = try await redis.send(RedisCommand("XRANGE", "reports:rejected", "-", "+")).array ?? []
        #expect(rejected.count == (0..<1000).count { $0 % 3 == 2 })
        for entry in rejected {
            let fields = entry.array?.last?.array?.compactMap(\.string) ?? []
            #expect(fields.count == (fields.contains("what") ? 6 : 8))
            #expect(fields[0] == "rejected-entry" && fields[2] == "rejected-reason")
            #expect(fields[3].hasPrefix(fields.contains("what") ? "\"what\": is unknown" : "id: \"Bad Name"))
        }
    }

    @Test func messageOfACancelledConsumerIsHandedOverAgain() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        _ = try await redis.sendAll((0..<4).map { add("id", "r-\($0)", "pipeline", "daily") })
        let created = Handled()
        let first = Task {
            await RequestIntake(RedisServer(redis), consumer: "one", logger: LiveRedis.logger).run { message in
                _ = created.begin(Self.id(message))
                // The resource exists now; the end comes before the acknowledgement, and ends the sleep too.
                try? await Task.sleep(for: .seconds(600))
                return .accepted
            }
        }
        try await eventually("all are created") { created.ids.count == 4 }
        first.cancel()
        await first.value
        #expect(try await pending(redis) == 4)
        let again = Handled()
        let second = start(server, consumer: "one", again)
        try await settled(redis, delivered: 4)
        #expect(again.ids == created.ids)
        second.cancel()
        await second.value
    }

    @Test func deadConsumersMessagesAreTakenOver() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        _ = try await redis.send(
            RedisCommand("XGROUP", "CREATE", "reports:requests", "report-operator", "0", "MKSTREAM"))
        _ = try await redis.sendAll((0..<150).map { add("id", "r-\($0)", "pipeline", "daily") })
        _ = try await redis.send(
            RedisCommand("XREADGROUP", "GROUP", "report-operator", "dead", "STREAMS", "reports:requests", ">"))
        let handled = Handled()
        let running = start(server, consumer: "alive", handled) {
            $0.minimumIdle = .milliseconds(300)
            $0.block = .milliseconds(100)
        }
        try await settled(redis, delivered: 150)
        #expect(handled.ids.count == 150)
        running.cancel()
        await running.value
    }

    @Test func noMoreIsReadThanFitsAndWaitingMessagesComeAgain() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        _ = try await redis.sendAll((0..<100).map { add("id", "r-\($0)", "pipeline", "daily") })
        let handled = Handled()
        let intake = RequestIntake(
            RedisServer(redis), consumer: "one",
            options: options {
                $0.batch = 5
                $0.totalLength = 10
                $0.firstPause = .milliseconds(2)
                $0.longestPause = .milliseconds(5)
            }, logger: LiveRedis.logger)
        let gate = Gate()
        let running = Task {
            await intake.run { message in
                _ = handled.begin(Self.id(message))
                defer { handled.end() }
                await Task.yield()
                return gate.isOpen ? .accepted : .postponed(Postponement("away", scope: .cluster))
            }
        }
        try await eventually("ten were tried five times") {
            handled.ids.count >= 10 && handled.ids.values.allSatisfy { $0 >= 5 }
        }
        // Ten that wait, those of the last look, and those in hand.
        #expect(try #require(await pending(redis)) <= 10 + 5 + 4)
        #expect(handled.most <= 4)
        gate.open()
        try await settled(redis, delivered: 100)
        #expect(handled.ids.count == 100)
        running.cancel()
        await running.value
    }

    @Test func aNamespaceThatRefusesHoldsUpNoOtherAndItsMessagesAreRejectedInTheEnd() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        let handled = Handled()
        let words = "exceeded quota: requests, used: 2, limited: 2"
        let intake = RequestIntake(
            RedisServer(redis), consumer: "one",
            options: options {
                $0.firstPause = .milliseconds(100)
                $0.longestPause = .seconds(60)
                $0.patience = .seconds(2)
            }, logger: LiveRedis.logger)
        _ = try await redis.sendAll((0..<70).map { add("id", "full-\($0)", "namespace", "full", "pipeline", "daily") })
        _ = try await redis.send(add("id", "behind", "namespace", "other", "pipeline", "daily"))
        let refusals = Handled()
        let running = Task {
            await intake.run { message in
                let isOther = message.fields.contains(.init("namespace", "other"))
                _ = (isOther ? handled : refusals).begin(Self.id(message))
                return isOther ? .accepted : .postponed(Postponement(words, scope: .namespace))
            }
        }
        try await eventually("the other namespace's message is taken") { handled.ids["behind"] == 1 }
        #expect(try await redis.send(RedisCommand("XLEN", "reports:rejected")).integer == 0)
        try await settled(redis, delivered: 71)
        let rejected = try await redis.send(RedisCommand("XRANGE", "reports:rejected", "-", "+")).array ?? []
        let reasons = rejected.compactMap { $0.array?.last?.array?[3].string }
        #expect(reasons == Array(repeating: "refused for 2 s: \(words)", count: 70))
        // A last try each, and before that one now and then for all of them.
        #expect(refusals.ids.values.reduce(0, +) <= 70 + 20)
        running.cancel()
        await running.value
    }

    @Test func whatIsTooLargeIsRejectedWithoutBeingRead() async throws {
        let server = try await LiveRedis(keepsData: false)
        let redis = server.connection { $0.commandTimeout = .seconds(60) }
        let handled = Handled()
        let running = start(server, consumer: "one", handled)
        try await eventually("the intake waits") {
            try await redis.send(RedisCommand("CLIENT", "LIST")).string?.contains("cmd=xread") == true
        }
        let before = try await sentBytes(redis)
        // Redis makes them itself: this process never has them in its hands.
        let large = RedisScript(
            """
            for _ = 1, tonumber(ARGV[1]) do
                redis.call('XADD', KEYS[1], '*', 'id', 'large', 'spec', string.rep('x', tonumber(ARGV[2])))
            end
            """)
        for (count, bytes) in [(1, 120_000_000), (64, 2_000_000)] {
            _ = try await redis.run(
                large, .init(keys: ["reports:requests"], arguments: [RedisArgument(count), RedisArgument(bytes)]))
        }
        _ = try await redis.send(
            RedisCommand("XADD", ["reports:requests", "*"] + (0..<1000).map { RedisArgument($0) }))
        _ = try await redis.send(add("id", "next", "pipeline", "daily"))
        try await settled(redis, delivered: 67)
        #expect(try await sentBytes(redis) - before < 1_000_000)
        #expect(handled.ids == ["next": 1])
        let entries = try await redis.send(RedisCommand("XRANGE", "reports:rejected", "-", "+")).array ?? []
        #expect(entries.count == 66)
        let first = entries.first?.array?.last?.array?.compactMap(\.string) ?? []
        #expect(first.count == 12)
        #expect(
            Array(first.dropFirst(2))
                == [
                    "rejected-reason", "the message has 120000011 bytes; at most 262144 are allowed",
                    "rejected-bytes", "120000011", "rejected-fields", "2", "id", "large", "spec",
                    String(repeating: "x", count: 256),
                ])
        let last = entries.last?.array?.last?.array?.compactMap(\.string) ?? []
        #expect(last[3] == "the message has 500 fields; at most 64 are allowed")
        running.cancel()
        await running.value
    }

    /// Something else's key stands where the rejected ones go: nothing waits for it, and nothing is lost.
    @Test func whatCannotBePutAmongTheRejectedStaysPendingAndHoldsNobodyUp() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        _ = try await redis.send(RedisCommand("SET", "reports:rejected", "x"))
        let large = String(repeating: "x", count: 300_000)
        _ = try await redis.sendAll(
            (0..<40).map { add("what", "\($0)") } + [add("id", "large", "pipeline", large)]
                + [add("id", "good", "pipeline", "daily")])
        let handled = Handled()
        let running = start(server, consumer: "one", handled) { $0.minimumIdle = .milliseconds(200) }
        try await eventually("the good one is taken") { handled.ids["good"] == 1 }
        try await eventually("only the bad are pending") { try await pending(redis) == 41 }
        _ = try await redis.send(RedisCommand("DEL", "reports:rejected"))
        _ = try await redis.sendAll([add("id", "another", "pipeline", "daily")])
        try await eventually("all are acknowledged") { try await pending(redis) == 0 }
        #expect(try await redis.send(RedisCommand("XLEN", "reports:rejected")).integer == 41)
        running.cancel()
        await running.value
    }

    @Test func aUserWithoutTheRightToWaitSilentlyIsToldWhichOneItLacks() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        _ = try await redis.send(
            RedisCommand("ACL", "SETUSER", "quiet", "on", ">secret-1", "~*", "&*", "+@all", "-client"))
        let user = server.connection {
            $0.username = "quiet"
            $0.password = "secret-1"
        }
        let command = RedisCommand("XREAD", "BLOCK", "50", "STREAMS", "reports:requests", "$")
        for _ in 0..<2 {
            let error = await #expect(throws: RedisError.self) {
                try await user.wait(for: command, timeout: .seconds(20))
            }
            #expect(error?.code == .notPermitted)
            // Nobody gets another's reply.
            #expect(try await user.send(RedisCommand("ECHO", "mine")).string == "mine")
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: [false, true])
    func intakeGoesOnAfterRedisWasKilled(losingData: Bool) async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        let handled = Handled()
        let running = start(server, consumer: "one", handled)
        _ = try await redis.sendAll((0..<50).map { add("id", "before-\($0)", "pipeline", "daily") })
        try await settled(redis, delivered: 50)
        server.kill()
        try await server.start(losingData: losingData)
        _ = try await redis.sendAll((0..<50).map { add("id", "after-\($0)", "pipeline", "daily") })
        try await eventually("all are handled") { handled.ids.count == 100 }
        try await eventually("all are acknowledged") { try await pending(redis) == 0 }
        // Ends although Redis may be in a wait of half a minute: the test's own limit is less.
        running.cancel()
        await running.value
    }

    // MARK: Steps

    final class Gate: Sendable {
        private let state = Mutex(false)
        var isOpen: Bool { state.withLock { $0 } }
        func open() { state.withLock { $0 = true } }
    }

    private func add(_ fields: String...) -> RedisCommand {
        RedisCommand("XADD", ["reports:requests", "*"] + fields.map(RedisArgument.text))
    }

    private func options(_ change: (inout RequestIntakeOptions) -> Void) -> RequestIntakeOptions {
        var options = RequestIntakeOptions()
        change(&options)
        return options
    }

    private func start(
        _ server: LiveRedis, consumer: String, _ handled: Handled,
        _ change: (inout RequestIntakeOptions) -> Void = { _ in }
    ) -> Task<Void, Never> {
        let redis = server.connection {
            $0.backoff = Backoff(first: .milliseconds(10), longest: .milliseconds(50))
        }
        let intake = RequestIntake(
            RedisServer(redis), consumer: consumer, options: options(change), logger: LiveRedis.logger)
        return Task {
            await intake.run { message in
                do throws(IntakeFault) {
                    _ = try message.request(defaultNamespace: "default")
                    _ = handled.begin(Self.id(message))
                    defer { handled.end() }
                    await Task.yield()
                    return .accepted
                } catch {
                    return .rejected(reason: error.description)
                }
            }
        }
    }

    private static func id(_ message: IntakeMessage) -> String {
        let field = message.fields.first { $0.name == Array("id".utf8) }
        return String(decoding: field?.value ?? [], as: UTF8.self)
    }

    /// Waits until the group has read that number of entries and acknowledged all.
    private func settled(_ redis: RedisConnection, delivered: Int64) async throws {
        try await eventually("\(delivered) messages are settled") {
            let groups = try await redis.send(
                RedisCommand("XINFO", "GROUPS", "reports:requests"), timeout: .seconds(10))
            guard let group = groups.array?.first?.array else { return false }
            var values: [String: Int64] = [:]
            for index in stride(from: 0, to: group.count - 1, by: 2) {
                values[group[index].string ?? ""] = group[index + 1].integer
            }
            return values["entries-read"] == delivered && values["pending"] == 0
        }
    }

    /// What the server has sent to all its clients.
    private func sentBytes(_ redis: RedisConnection) async throws -> Int {
        let info = try await redis.send(RedisCommand("INFO", "stats")).string ?? ""
        let line = info.split(separator: "\r\n").first { $0.hasPrefix("total_net_output_bytes:") }
        return try #require(line?.split(separator: ":").last.flatMap { Int($0) })
    }

    private func pending(_ redis: RedisConnection) async throws -> Int64? {
        let reply = try await redis.send(RedisCommand("XPENDING", "reports:requests", "report-operator"))
        return reply.array?.first?.integer
    }
}
