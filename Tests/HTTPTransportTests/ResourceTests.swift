import Foundation
import HTTPTransport
import LoopbackSupport
import Testing

@Suite(.serialized) struct ResourceTests {
    /// In a process of its own: what the kernel counts, it counts for all suites that run in one.
    @Test func thousandsOfRequestsLeaveNothingBehind() async {
        await #expect(processExitsWith: .success) {
            let transport = HTTPTransport.fixture()
            let server = LoopbackListener { connection in
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
            // The connections that are kept for the next request, on both sides, and those that are just being closed.
            try await eventually("\(before) became \(ProcessFigures.current)") {
                ProcessFigures.current.descriptors < before.descriptors + 32
            }
            // A libcurl handle that stays costs more than 24 KiB with its buffers, so 2000 of them 48 MiB.
            let grown = ProcessFigures.current.residentKilobytes - before.residentKilobytes
            guard grown < 12_288 else {
                throw Leak(description: "\(before) became \(ProcessFigures.current)")
            }
        }
    }

    private struct Leak: Error, CustomStringConvertible { let description: String }

    /// In a process of its own too, which has no other transport's thread.
    @Test func threadSleepsWhileNothingHappens() async {
        await #expect(processExitsWith: .success) {
            let transport = HTTPTransport.fixture()
            let server = LoopbackListener { connection in
                guard connection.readRequest() != nil else { return }
                connection.startChunked()
                connection.writeChunk("first")
                _ = connection.waitForClose()
            }
            _ = try await transport.send(.get(LoopbackListener(body: "x").url))
            let watch = try await transport.stream(.get(server.url, timeouts: HTTPTimeouts(idle: .seconds(600))))
            var body = watch.body.makeAsyncIterator()
            guard try await body.next() == Data("first".utf8) else { throw Leak(description: "no first piece") }
            // Timers of libcurl's that belong to the beginning of a transfer may still run out.
            try await eventually("it is still busy") { ProcessFigures.isTransportQuiet(for: .milliseconds(400)) }
        }
    }
}
