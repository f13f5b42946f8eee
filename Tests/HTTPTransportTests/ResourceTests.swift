import Foundation
import HTTPTransport
import Testing

@Suite(.serialized) struct ResourceTests {
    @Test func thousandsOfRequestsLeaveNothingBehind() async throws {
        let transport = HTTPTransport.fixture()
        let server = ScriptedServer { connection in
            // Each connection ends after some requests, so that opening and closing are covered as well.
            for _ in 0..<20 {
                guard connection.readRequest() != nil else { return }
                connection.respond(String(repeating: "x", count: 2000))
            }
        }
        func run(_ count: Int) async throws {
            for number in 0..<count {
                if number % 10 == 9 {
                    _ = try await transport.stream(.get(server.url))
                } else if number % 2 == 0 {
                    // A connection may close under a request, which then is an error.
                    _ = await transport.failure(of: .post(server.url, "{}"))
                } else {
                    _ = await transport.failure(of: .get(server.url))
                }
            }
        }
        try await run(200)
        let before = ProcessFigures.current
        try await run(2000)
        // Suites run at once, and their servers have descriptors too: a leak would be in the hundreds.
        #expect(await eventually { ProcessFigures.current.descriptors < before.descriptors + 150 })
        // The other suites' memory counts too; a libcurl handle that stays costs more than 24 KiB with its buffers.
        #expect(ProcessFigures.current.residentKilobytes < before.residentKilobytes + 49_152)
    }

    @Test func threadSleepsWhileNothingHappens() async throws {
        let before = ProcessFigures.transportThreads
        let transport = HTTPTransport.fixture()
        let server = ScriptedServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.startChunked()
            connection.writeChunk("first")
            _ = connection.waitForClose()
        }
        _ = try await transport.send(.get(ScriptedServer(body: "x").url))
        let watch = try await transport.stream(.get(server.url, timeouts: HTTPTimeouts(idle: .seconds(60))))
        var body = watch.body.makeAsyncIterator()
        #expect(try await body.next() == Data("first".utf8))
        let threads = ProcessFigures.transportThreads.subtracting(before)
        // Timers of libcurl's that belong to the beginning of a transfer may still run out.
        let quiet = await eventually { ProcessFigures.isQuiet(anyOf: threads, for: .milliseconds(400)) }
        #expect(quiet)
    }
}
