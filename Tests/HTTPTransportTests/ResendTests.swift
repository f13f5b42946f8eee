import Foundation
import HTTPTransport
import LoopbackSupport
import Testing

/// What libcurl does when a reused connection closes after the server read the request, without an answer.
@Suite struct ResendTests {
    let transport = HTTPTransport.fixture()
    let seen = Recorder<LoopbackRequest>()
    let strayBytes = Recorder<UInt8>()

    /// Answers the first request of each connection, reads the second and closes.
    private func server() -> LoopbackListener {
        LoopbackListener { [seen, strayBytes] connection in
            guard let first = connection.readRequest() else {
                strayBytes.append(contentsOf: connection.unread)
                return
            }
            seen.append(first)
            connection.respond("x")
            if let second = connection.readRequest() { seen.append(second) }
        }
    }

    @Test(arguments: [HTTPMethod.post, .put, .patch, .delete])
    func requestWithABodyIsNeverSentTwice(method: HTTPMethod) async throws {
        let server = server()
        _ = try await transport.send(.get(server.url))
        var request = HTTPRequest.post(server.url, "{}")
        request.method = method
        let error = try #require(await transport.failure(of: request))
        #expect(error.code == .connectionLost)
        #expect(error.mayHaveReachedServer)
        #expect(seen.all.filter { $0.line.hasPrefix(method.rawValue) }.count == 1)
        // libcurl opens another connection before it finds that it cannot go on; nothing is sent there.
        try await eventually { server.openCount == 0 }
        #expect(strayBytes.all.isEmpty)
    }

    @Test(arguments: [HTTPMethod.get, .delete, .post])
    func requestWithoutBodyIsSentAgainOnAFreshConnection(method: HTTPMethod) async throws {
        let server = server()
        _ = try await transport.send(.get(server.url + "first"))
        let request = HTTPRequest(method: method, url: server.url + "second", timeouts: .fixture)
        #expect(try await transport.send(request).text == "x")
        #expect(seen.all.filter { $0.line.contains("second") }.count == 2)
        #expect(server.connectionCount == 2)
    }

    @Test func aFreshConnectionThatClosesIsNotTriedAgain() async throws {
        let server = LoopbackListener { [seen] connection in
            if let request = connection.readRequest() { seen.append(request) }
        }
        #expect(await transport.failure(of: .get(server.url))?.code == .connectionLost)
        #expect(seen.all.count == 1)
    }

    @Test func connectionClosedWhileIdleCostsNothing() async throws {
        let server = LoopbackListener { connection in
            if connection.readRequest() != nil { connection.respond("x") }
        }
        for _ in 0..<5 {
            #expect(try await transport.send(.post(server.url, "{}")).text == "x")
            try await eventually { server.openCount == 0 }
        }
        #expect(server.connectionCount == 5)
    }
}
