import FoundationEssentials
import HTTPTransport
import LoopbackSupport
import Testing

/// What the server writes before it closes, and what that is to the client.
struct BrokenResponse: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: String
    var code: HTTPError.Code
}

@Suite struct IncompleteResponseTests {
    let transport = HTTPTransport.fixture()

    static let broken = [
        BrokenResponse(testDescription: "nothing", bytes: "", code: .connectionLost),
        BrokenResponse(testDescription: "half a head", bytes: "HTTP/1.1 200 OK\r\nContent-", code: .connectionLost),
        BrokenResponse(
            testDescription: "less than its length", bytes: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello",
            code: .connectionLost),
        BrokenResponse(
            testDescription: "no byte of its length", bytes: "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
            code: .connectionLost),
        BrokenResponse(
            testDescription: "no last chunk",
            bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", code: .connectionLost),
        BrokenResponse(
            testDescription: "half a chunk",
            bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhello", code: .connectionLost),
        BrokenResponse(
            testDescription: "a chunk without length",
            bytes: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello", code: .connectionLost),
        BrokenResponse(testDescription: "no HTTP", bytes: "SSH-2.0-OpenSSH_9.2\r\n", code: .protocolViolation),
    ]

    private func server(_ bytes: Data) -> LoopbackListener {
        LoopbackListener { connection in
            guard connection.readRequest() != nil else { return }
            connection.write(bytes)
        }
    }

    @Test(arguments: broken) func brokenResponsesAreErrors(response: BrokenResponse) async throws {
        let server = server(Data(response.bytes.utf8))
        let error = try #require(await transport.failure(of: .get(server.url)))
        #expect(error.code == response.code, "\(error)")
        #expect(error.mayHaveReachedServer)
        #expect(error.isRetryable)
    }

    @Test func streamsCutShortEndWithAnErrorAfterWhatCame() async throws {
        let server = server(Data("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n".utf8))
        let body = await (try transport.stream(.get(server.url))).body.collect()
        #expect(body.text == "hello")
        #expect(body.error?.code == .connectionLost)
    }

    @Test func resetsAreLostConnections() async throws {
        let server = LoopbackListener { connection in
            guard connection.readRequest() != nil else { return }
            connection.startChunked()
            connection.writeChunk("hello")
            connection.resetOnClose()
        }
        let body = await (try transport.stream(.get(server.url))).body.collect()
        #expect(body.error?.code == .connectionLost)
    }

    /// A response with the first half of a compressed body, which claims to be that long.
    private func halfGzip(length: Int) -> Data {
        let half = GzipSamples.hello.dropLast(16)
        let length = length < 0 ? half.count : length
        return Data("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(length)\r\n\r\n".utf8) + half
    }

    @Test func gzipCutShortByItsConnectionIsAnError() async throws {
        var request = HTTPRequest.get(server(halfGzip(length: GzipSamples.hello.count)).url)
        request.acceptsCompression = true
        #expect(await transport.failure(of: request)?.code == .connectionLost)
    }

    // libcurl 7.88 does not look whether the compressed stream came to its end: consumers judge by content.
    @Test func gzipCutShortWithinItsLengthLooksComplete() async throws {
        var request = HTTPRequest.get(server(halfGzip(length: -1)).url)
        request.acceptsCompression = true
        let text = try await transport.send(request).text
        #expect("hello, hello, hello, hello".hasPrefix(text) && text.count < 26)
    }

    @Test func damagedGzipIsAnError() async throws {
        var damaged = GzipSamples.hello
        damaged[damaged.count - 6] ^= 0xFF
        let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(damaged.count)\r\n\r\n"
        var request = HTTPRequest.get(server(Data(head.utf8) + damaged).url)
        request.acceptsCompression = true
        #expect(await transport.failure(of: request)?.code == .protocolViolation)
    }

    @Test func bodiesWithoutLengthEndWithTheirConnection() async throws {
        let server = server(Data("HTTP/1.1 200 OK\r\n\r\nhello".utf8))
        #expect(try await transport.send(.get(server.url)).text == "hello")
    }
}
