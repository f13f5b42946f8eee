import Glibc
import HTTPTransport
import LoopbackSupport
import Testing

@Suite struct TimeoutTests {
    let transport = HTTPTransport.fixture()

    /// How long a request that is to fail took, and its error.
    private func failure(
        _ url: String, _ timeouts: HTTPTimeouts
    ) async throws -> (error: HTTPError, elapsed: Duration) {
        let start = ContinuousClock.now
        let error = try #require(await transport.failure(of: .get(url, timeouts: timeouts)))
        return (error, .now - start)
    }

    @Test func connectTimeoutNamesItself() async throws {
        let listener = FullListener()
        let (error, elapsed) = try await failure(listener.url, HTTPTimeouts(connect: .milliseconds(100)))
        #expect(error.code == .timeout(.connect))
        #expect(error.isRetryable)
        #expect(!error.mayHaveReachedServer)
        #expect(elapsed >= .milliseconds(95))
    }

    @Test func firstByteTimeoutNamesItself() async throws {
        let server = LoopbackListener { _ = $0.waitForClose() }
        let (error, elapsed) = try await failure(server.url, HTTPTimeouts(firstByte: .milliseconds(100)))
        #expect(error.code == .timeout(.firstByte))
        #expect(error.message.contains("first byte"))
        #expect(error.mayHaveReachedServer)
        #expect(elapsed >= .milliseconds(95))
        try await eventually { server.openCount == 0 }
    }

    /// However slow the machine is: the server knows when it wrote last, and nothing is expected to come in time.
    @Test func idleTimeoutCountsFromTheLastByte() async throws {
        let lastWritten = Recorder<ContinuousClock.Instant>()
        let server = LoopbackListener { connection in
            guard connection.readRequest() != nil else { return }
            connection.startChunked()
            for _ in 0..<8 {
                lastWritten.append(.now)
                connection.writeChunk("x")
                usleep(30_000)
            }
            _ = connection.waitForClose()
        }
        let idle = Duration.milliseconds(200)
        let body = await (try transport.stream(.get(server.url, timeouts: HTTPTimeouts(idle: idle)))).body.collect()
        let ended = ContinuousClock.now
        let received = body.text.utf8.count
        #expect(body.error?.code == .timeout(.idle))
        #expect(body.error?.message.contains("idle") == true)
        try await eventually { server.openCount == 0 }
        // A machine that stood still has cut it short, and then the byte that came last is another one.
        if received > 0 { #expect(ended - lastWritten.all[received - 1] >= idle - .milliseconds(5)) }
    }

    @Test func totalTimeoutEndsEvenALivelyResponse() async throws {
        let server = LoopbackListener { connection in
            guard connection.readRequest() != nil else { return }
            connection.startChunked()
            while connection.write("1\r\nx\r\n") { usleep(5000) }
        }
        let timeouts = HTTPTimeouts(idle: .seconds(60), total: .milliseconds(150))
        let (error, elapsed) = try await failure(server.url, timeouts)
        #expect(error.code == .timeout(.total))
        #expect(error.message.contains("total"))
        #expect(elapsed >= .milliseconds(145))
    }

    @Test func aSlowServerIsNoTimeoutWithoutLimits() async throws {
        let server = LoopbackListener { connection in
            guard connection.readRequest() != nil else { return }
            usleep(200_000)
            connection.respond("x")
        }
        let response = try await transport.send(.get(server.url, timeouts: HTTPTimeouts()))
        #expect(response.text == "x")
    }
}
