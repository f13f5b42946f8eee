import RedisClient
import ReportStores
import ServiceSupport
import Testing

/// Events for everybody outside.
@Suite(.serialized) struct RedisEventTests {
    @Test func eachEventIsPublishedOnceAndInOrder() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        let publisher = EventPublisher(RedisServer(redis))
        let subscription = RedisSubscription(
            server.configuration, channels: [EventPublisher.stream], logger: LiveRedis.logger)
        var heard = subscription.makeAsyncIterator()
        #expect(await heard.next() == .reconnected)
        func event(_ uid: Int, _ sequence: Int64) -> OutboundEvent {
            OutboundEvent(uid: "uid-\(uid)", sequence: sequence, payload: "{\"u\":\(uid),\"s\":\(sequence)}")
        }
        let all = (1...50).flatMap { sequence in (0..<5).map { event($0, Int64(sequence)) } }
        #expect(try await publisher.publish(Array(all[..<120])) == 120)
        // The same again, and overlapping, as after a restart that doesn't know how far it came.
        #expect(try await publisher.publish(Array(all[..<120])) == 0)
        #expect(try await publisher.publish(Array(all[60..<200])) == 80)
        // Before the kill: who only listens loses what a dying server had not yet sent. The stream loses nothing.
        for expected in all[..<200] {
            #expect(await heard.next() == .message(channel: EventPublisher.stream, payload: expected.payload))
        }
        server.kill()
        try await server.start()
        #expect(try await publisher.publish(all + all) == 50)
        #expect(try await publisher.publish([]) == 0)

        let entries = try await redis.send(RedisCommand("XRANGE", .text(EventPublisher.stream), "-", "+"))
        let payloads = entries.array?.compactMap { $0.array?.last?.array?.last?.string }
        #expect(payloads == all.map { String(decoding: $0.payload, as: UTF8.self) })
        let first = entries.array?.first?.array?.last?.array?.compactMap(\.string)
        #expect(first == ["uid", "uid-0", "sequence", "1", "event", "{\"u\":0,\"s\":1}"])
        let lifetime = try await redis.send(RedisCommand("TTL", "reports:events:last:uid-0"))
        #expect((29 * 86400...30 * 86400).contains(lifetime.integer ?? 0))
    }

    @Test func whatOthersWroteWhereAnEventIsRememberedHoldsNoEventsBack() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        _ = try await redis.send(RedisCommand("LPUSH", "reports:events:last:uid-0", "x"))
        _ = try await redis.send(RedisCommand("SET", "reports:events:last:uid-1", "garbage"))
        let events = (0..<3).map { OutboundEvent(uid: "uid-\($0)", sequence: 1, payload: "{}") }
        #expect(try await EventPublisher(RedisServer(redis)).publish(events) == 3)
        #expect(try await EventPublisher(RedisServer(redis)).publish(events) == 0)
    }

    @Test func streamKeepsABoundedNumber() async throws {
        let server = try await LiveRedis(keepsData: false)
        let redis = server.connection()
        let publisher = EventPublisher(RedisServer(redis), maximumLength: 1000)
        let begin = ContinuousClock.now
        let events = (1...20_000).map {
            OutboundEvent(uid: "uid-\($0 % 100)", sequence: Int64($0), payload: "{\"phase\":\"Running\"}")
        }
        #expect(try await publisher.publish(events) == 20_000)
        let rate = 20_000 / (begin.duration(to: .now) / Duration.seconds(1))
        print("events: \(Int(rate)) a second")
        let length = try await redis.send(RedisCommand("XLEN", .text(EventPublisher.stream))).integer ?? 0
        #expect((1000..<1300).contains(length))
    }
}
