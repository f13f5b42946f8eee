import LoopbackSupport
import RedisClient
import ServiceSupport
import Testing

/// The client against a real server and its faults.
@Suite(.serialized) struct RedisConnectionTests {
    @Test func tenThousandCommandsOfManyTasksGetTheirOwnReplies() async throws {
        let server = try await LiveRedis()
        let redis = server.connection { $0.commandTimeout = .seconds(30) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<100 {
                group.addTask {
                    for index in 0..<100 {
                        let text = "\(task)/\(index)"
                        let reply = try await redis.send(RedisCommand("ECHO", .text(text)))
                        #expect(reply.string == text)
                    }
                }
            }
            try await group.waitForAll()
        }
        let replies = try await redis.sendAll((0..<10_000).map { RedisCommand("ECHO", RedisArgument($0)) })
        #expect(replies.compactMap(\.integer) == (0..<10_000).map(Int64.init))
        #expect(try await redis.send(RedisCommand("CLIENT", "LIST")).string?.split(separator: "\n").count == 1)
    }

    @Test func everyByteComesBackAsItWent() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        for value in [[], [0], [13, 10, 36, 0], Array(0...255), bytes] {
            _ = try await redis.send(RedisCommand("SET", .bytes(value + [0, 10]), .bytes(value)))
            #expect(try await redis.send(RedisCommand("GET", .bytes(value + [0, 10]))) == .bulk(value))
        }
        #expect(try await redis.send(RedisCommand("GET", "absent")).isNull)
    }

    @Test func loginFailuresSayWhatToDoAndNoPassword() async throws {
        let server = try await LiveRedis()
        let user = server.connection()
        _ = try await user.send(RedisCommand("ACL", "SETUSER", "reader", "on", ">secret-1", "+get", "+ping", "~*"))
        for (name, password, code) in [
            (nil, nil, .authentication), (nil, "wrong-secret", .authentication),
            ("reader", "wrong-secret", .authentication),
            ("reader", "secret-1", .notPermitted),
        ] as [(String?, String?, RedisError.Code)] {
            let redis = server.connection {
                $0.username = name
                $0.password = password
            }
            let error = await #expect(throws: RedisError.self) {
                try await redis.send(RedisCommand("SET", "key", "value"))
            }
            #expect(error?.code == code)
            #expect(error?.message.contains("secret") == false)
            #expect(error?.isRetryable == true)
        }
    }

    @Test func tlsConnectionVerifiesTheServer() async throws {
        let server = try await LiveRedis(usesTLS: true)
        let redis = server.connection()
        let bytes = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        _ = try await redis.send(RedisCommand("SET", "key", .bytes(bytes)))
        #expect(try await redis.send(RedisCommand("GET", "key")) == .bulk(bytes))
        let changes: [@Sendable (inout RedisConfiguration) -> Void] = [
            // Signed by nobody whom the system trusts.
            { $0.caFile = nil },
            // A name that the certificate doesn't have.
            { $0.endpoint = .tcp(host: "localhost", port: server.port) },
            { $0.caFile = "/nowhere.pem" },
        ]
        for change in changes {
            let error = await #expect(throws: RedisError.self) {
                try await server.connection(change).send(RedisCommand("PING"))
            }
            #expect(error?.code == .tls)
        }
        let plain = server.connection { $0.usesTLS = false }
        await #expect(throws: RedisError.self) { try await plain.send(RedisCommand("PING"), timeout: .seconds(1)) }
    }

    @Test func idleConnectionAndUnusedClientSleep() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        // Nobody has asked it for anything.
        let unused = server.connection()
        _ = try await redis.send(RedisCommand("PING"))
        let clients = try await redis.send(RedisCommand("CLIENT", "LIST")).string ?? ""
        #expect(clients.split(separator: "\n").count == 1)
        unused.close()
        await #expect(throws: RedisError.self) { try await unused.send(RedisCommand("PING")) }
    }

    @Test func databaseIsSelectedOnEveryConnection() async throws {
        let server = try await LiveRedis()
        let seventh = server.connection { $0.database = 7 }
        _ = try await seventh.send(RedisCommand("SET", "key", "seven"))
        #expect(try await server.connection().send(RedisCommand("GET", "key")).isNull)
        server.kill()
        try await server.start()
        #expect(try await seventh.send(RedisCommand("GET", "key")).string == "seven")
        let none = server.connection { $0.database = 99 }
        await #expect(throws: RedisError.self) {
            try await none.send(RedisCommand("PING"), timeout: .milliseconds(300))
        }
    }

    @Test func connectionComesBackAfterKillAndRestart() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        _ = try await redis.send(RedisCommand("SET", "key", "kept"))
        server.kill()
        let error = await #expect(throws: RedisError.self) {
            try await redis.send(RedisCommand("GET", "key"), timeout: .milliseconds(300))
        }
        #expect(error?.code == .unreachable)
        #expect(error?.mayHaveReachedServer == false)
        // Waits for the connection, which comes with the server.
        async let later = redis.send(RedisCommand("GET", "key"), timeout: .seconds(20))
        try await server.start()
        #expect(try await later.string == "kept")
    }

    @Test func outcomeOfWhatWasSentBeforeAKillIsUnknownAndNotRepeated() async throws {
        let server = try await LiveRedis()
        let redis = server.connection { $0.commandTimeout = .seconds(20) }
        _ = try await redis.send(RedisCommand("PING"))
        server.pause()
        let begun = Bell()
        let unsafe = Task {
            begun.ring()
            return try await redis.send(RedisCommand("INCR", "unsafe"))
        }
        let safe = Task {
            begun.ring()
            return try await redis.send(RedisCommand("SET", "safe", "1"), isIdempotent: true)
        }
        try await eventually("both are being sent") { begun.count == 2 }
        // The silence that this one notices ends the connection; the server finds both commands and nobody to answer.
        let silence = await #expect(throws: RedisError.self) {
            try await redis.send(RedisCommand("PING"), timeout: .milliseconds(300))
        }
        #expect(silence?.code == .timeout)
        server.kill()
        try await server.start()
        let error = await #expect(throws: RedisError.self) { try await unsafe.value }
        #expect(error?.code == .connectionLost)
        #expect(error?.mayHaveReachedServer == true)
        #expect(try await safe.value == .simple("OK"))
        #expect(try await redis.send(RedisCommand("GET", "unsafe")).isNull)
        #expect(try await redis.send(RedisCommand("GET", "safe")).string == "1")
    }

    @Test(.timeLimit(.minutes(1))) func stoppedServerDelaysNobodyElse() async throws {
        let (stopped, other) = (try await LiveRedis(), try await LiveRedis())
        let (dead, alive) = (stopped.connection(), other.connection())
        _ = try await dead.send(RedisCommand("PING"))
        stopped.pause()
        let over = Bell()
        let held = (0..<50).map { _ in
            Task {
                defer { over.ring() }
                return try await dead.send(RedisCommand("PING"), timeout: .seconds(600))
            }
        }
        for _ in 0..<200 { _ = try await alive.send(RedisCommand("PING")) }
        #expect(over.count == 0)
        // The silence that this one notices ends the connection, and with it what waits for its answer.
        let late = await #expect(throws: RedisError.self) {
            try await dead.send(RedisCommand("PING"), timeout: .milliseconds(500))
        }
        #expect(late?.code == .timeout)
        for task in held {
            let error = await #expect(throws: RedisError.self) { try await task.value }
            #expect(error?.code == .connectionLost)
        }
        stopped.resume()
        #expect(try await dead.send(RedisCommand("PING"), timeout: .seconds(10)) == .simple("PONG"))
    }

    @Test func cancellationReturnsAtOnceAndDisturbsNothing() async throws {
        let server = try await LiveRedis()
        let redis = server.connection { $0.commandTimeout = .seconds(60) }
        let waiting = Task { try await redis.send(RedisCommand("BLPOP", "list", "30")) }
        try await eventually("the command waits in Redis") {
            try await server.connection().send(RedisCommand("CLIENT", "LIST")).string?.contains("cmd=blpop") == true
        }
        waiting.cancel()
        let error = await #expect(throws: RedisError.self) { try await waiting.value }
        #expect(error?.code == .cancelled)
        #expect(error?.mayHaveReachedServer == true)
        // Its caller is back while Redis still waits.
        let clients = try await server.connection().send(RedisCommand("CLIENT", "LIST")).string
        #expect(clients?.contains("cmd=blpop") == true)
        // The reply that nobody waits for any more is not taken for the next command's.
        async let next = redis.send(RedisCommand("ECHO", "next"))
        _ = try await server.connection().send(RedisCommand("RPUSH", "list", "late"))
        #expect(try await next.string == "next")
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await redis.send(RedisCommand("INCR", "never"))
        }
        await #expect(throws: RedisError.self) { try await cancelled.value }
    }

    @Test func scriptIsSentAgainToAServerThatForgotIt() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        let script = RedisScript("return redis.call('INCRBY', KEYS[1], ARGV[1])")
        let call = RedisScript.Call(keys: ["sum"], arguments: [2])
        #expect(try await redis.run(script, call).integer == 2)
        server.kill()
        try await server.start()
        let replies = try await redis.runAll(script, [call, call, call])
        #expect(replies.compactMap(\.integer) == [4, 6, 8])
        _ = try await redis.send(RedisCommand("SCRIPT", "FLUSH"))
        #expect(try await redis.run(script, call).integer == 10)
    }

    @Test func subscriptionTellsOfEveryGap() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        let subscription = RedisSubscription(
            server.configuration, channels: ["first", "second"], logger: LiveRedis.logger)
        var elements = subscription.makeAsyncIterator()
        #expect(await elements.next() == .reconnected)
        for index in 0..<1000 {
            _ = try await redis.send(RedisCommand("PUBLISH", index % 2 == 0 ? "first" : "second", RedisArgument(index)))
        }
        for index in 0..<1000 {
            #expect(
                await elements.next()
                    == .message(channel: index % 2 == 0 ? "first" : "second", payload: Array("\(index)".utf8)))
        }
        server.kill()
        try await server.start()
        #expect(await elements.next() == .reconnected)
        _ = try await redis.send(RedisCommand("PUBLISH", "first", .bytes([0, 255])))
        #expect(await elements.next() == .message(channel: "first", payload: [0, 255]))
        let reading = Task { [subscription] in await subscription.first { _ in true } }
        reading.cancel()
        #expect(await reading.value == nil)
    }

    @Test func slowReaderIsToldThatItMissedSomething() async throws {
        let server = try await LiveRedis()
        let redis = server.connection()
        let subscription = RedisSubscription(
            server.configuration, channels: ["channel"], limit: 10, logger: LiveRedis.logger)
        var elements = subscription.makeAsyncIterator()
        #expect(await elements.next() == .reconnected)
        for index in 0..<15 { _ = try await redis.send(RedisCommand("PUBLISH", "channel", RedisArgument(index))) }
        var seen: [RedisSubscription.Element] = []
        while seen.last != .message(channel: "channel", payload: Array("14".utf8)), let next = await elements.next() {
            seen.append(next)
        }
        #expect(seen.contains(.reconnected))
        #expect(seen.count < 15)
    }
}
