import FoundationEssentials
import Glibc
import HTTPTransport
import LoopbackSupport
import Testing

@Suite(.serialized) struct StreamingTests {
    let transport = HTTPTransport.fixture()

    @Test func headArrivesBeforeTheBody() async throws {
        let mayGoOn = Flag()
        let server = LoopbackListener { connection in
            guard connection.readRequest() != nil else { return }
            connection.startChunked()
            while !mayGoOn.isRaised { usleep(1000) }
            connection.writeChunk("late")
            connection.write("0\r\n\r\n")
        }
        let response = try await transport.stream(.get(server.url))
        #expect(response.status == 200)
        #expect(response.headers["transfer-encoding"] == "chunked")
        mayGoOn.raise()
        let body = await response.body.collect()
        #expect(body.text == "late")
        #expect(body.error == nil)
    }

    @Test func chunksOfOneByteAddUp() async throws {
        let text = (0..<500).map { "line \($0) é\n" }.joined()
        let server = LoopbackListener { connection in
            guard connection.readRequest() != nil else { return }
            connection.startChunked()
            for byte in text.utf8 { connection.write(Data("1\r\n".utf8) + Data([byte]) + Data("\r\n".utf8)) }
            connection.write("0\r\n\r\n")
        }
        let body = await (try transport.stream(.get(server.url))).body.collect()
        #expect(body.text == text)
        #expect(body.error == nil)
    }

    @Test func unreadChunksAreJoined() async throws {
        let isSent = Flag()
        let server = LoopbackListener { connection in
            while connection.readRequest() != nil {
                connection.startChunked()
                for _ in 0..<1000 { connection.writeChunk("0123456789") }
                connection.write("0\r\n\r\n")
                isSent.raise()
            }
        }
        let response = try await transport.stream(.get(server.url))
        try await eventually { isSent.isRaised }
        // Goes over the same loop, so the streamed body is in when it comes back.
        _ = try await transport.send(.get(server.url))
        let body = await response.body.collect()
        #expect(body.text.utf8.count == 10_000)
        #expect(body.chunks == 1)
    }

    @Test func completeStreamsLeaveTheirConnectionForTheNext() async throws {
        let server = LoopbackListener(body: "x")
        for _ in 0..<3 {
            let body = await (try transport.stream(.get(server.url))).body.collect()
            #expect(body.text == "x")
        }
        #expect(server.connectionCount == 1)
    }

    @Test func errorStatusesHaveReadableBodies() async throws {
        let server = LoopbackListener { connection in
            while connection.readRequest() != nil { connection.respond("gone", status: "410 Gone") }
        }
        let response = try await transport.stream(.get(server.url))
        #expect(response.status == 410)
        #expect(await response.body.collect().text == "gone")
    }

    @Test func bodiesCanBeIteratedOnce() async throws {
        let server = LoopbackListener(body: "x")
        let response = try await transport.stream(.get(server.url))
        #expect(await response.body.collect().text == "x")
        #expect(await response.body.collect().error?.code == .invalidRequest)
    }

    @Test func consumersThatFallBehindLoseTheirTransfer() async throws {
        let isClosed = Flag()
        let server = LoopbackListener { connection in
            guard connection.readRequest() != nil else { return }
            connection.startChunked()
            while connection.write("400\r\n" + String(repeating: "x", count: 1024) + "\r\n") {}
            isClosed.raise()
        }
        var request = HTTPRequest.get(server.url)
        request.bodyLimit = 100_000
        let response = try await transport.stream(request)
        try await eventually { isClosed.isRaised }
        let body = await response.body.collect()
        #expect(body.error?.code == .bodyTooLarge)
    }
}
