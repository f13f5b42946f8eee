import FoundationEssentials
import HTTPTransport
import LoopbackSupport
import Testing

@Suite(.serialized) struct RequestTests {
    let transport = HTTPTransport.fixture()

    @Test func requestsInARowShareOneConnection() async throws {
        let server = LoopbackListener(body: "hello")
        for _ in 0..<10 {
            let response = try await transport.send(.get(server.url))
            #expect(response.status == 200)
            #expect(response.text == "hello")
        }
        #expect(server.connectionCount == 1)
    }

    @Test func aHundredRequestsRunAtOnce() async throws {
        let server = LoopbackListener { connection in
            while let request = connection.readRequest() { connection.respond(request.line) }
        }
        let lines = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<100 {
                group.addTask { try await transport.send(.get(server.url + "\(number)")).text }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(lines == Set((0..<100).map { "GET /\($0) HTTP/1.1" }))
        try await eventually { server.openCount <= 9 }
    }

    @Test(arguments: [HTTPMethod.post, .put, .patch, .delete])
    func bodyAndHeadersArriveAsTheyWereGiven(method: HTTPMethod) async throws {
        let seen = Recorder<LoopbackRequest>()
        let server = LoopbackListener { connection in
            while let request = connection.readRequest() {
                seen.append(request)
                connection.respond("{}", status: "201 Created", headers: "Warning: 299 - \"a\"\r\nwarning: b\r\n")
            }
        }
        let request = HTTPRequest(
            method: method, url: server.url + "a?b=c",
            headers: ["Content-Type": "application/json", "Authorization": "Bearer t", "X-Empty": ""],
            body: Data("{\"a\":1}".utf8), timeouts: .fixture)
        let response = try await transport.send(request)
        #expect(response.status == 201)
        #expect(response.headers.values("WARNING") == ["299 - \"a\"", "b"])
        let got = try #require(seen.all.first)
        #expect(got.line == "\(method.rawValue) /a?b=c HTTP/1.1")
        #expect(got.text == "{\"a\":1}")
        #expect(got.header("Content-Type") == "application/json")
        #expect(got.header("Authorization") == "Bearer t")
        #expect(got.header("X-Empty") == "")
        #expect(got.header("Expect") == nil)
        #expect(got.header("Accept-Encoding") == nil)
    }

    @Test(arguments: [HTTPMethod.get, .delete, .post])
    func requestsWithoutBodySendNone(method: HTTPMethod) async throws {
        let server = LoopbackListener { connection in
            while let request = connection.readRequest() { connection.respond(request.head) }
        }
        let head = try await transport.send(HTTPRequest(method: method, url: server.url, timeouts: .fixture)).text
        #expect(head.hasPrefix("\(method.rawValue) / HTTP/1.1"))
        #expect(head.contains("Content-Length: 0") == (method == .post))
        #expect(!head.contains("Content-Type"))
        #expect(!head.contains("Transfer-Encoding"))
    }

    @Test func largeBodiesGoOutAndComeBack() async throws {
        let server = LoopbackListener { connection in
            while let request = connection.readRequest() { connection.respond(request.text) }
        }
        let text = String(repeating: "0123456789abcdef", count: 200_000)
        #expect(try await transport.send(.post(server.url, text)).text == text)
    }

    @Test func redirectsAreNotFollowed() async throws {
        let server = LoopbackListener { connection in
            while connection.readRequest() != nil {
                connection.respond("", status: "302 Found", headers: "Location: /other\r\n")
            }
        }
        let response = try await transport.send(.get(server.url))
        #expect(response.status == 302)
        #expect(response.headers["location"] == "/other")
    }

    @Test func interimResponsesAreSkipped() async throws {
        let server = LoopbackListener { connection in
            while connection.readRequest() != nil {
                connection.write("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n")
                connection.respond("late")
            }
        }
        let response = try await transport.send(.get(server.url))
        #expect(response.status == 200)
        #expect(response.headers["Link"] == nil)
        #expect(response.text == "late")
    }

    @Test func ipv6AddressesWork() async throws {
        let server = LoopbackListener(isIPv6: true) { connection in
            while let request = connection.readRequest() { connection.respond(request.header("Host") ?? "") }
        }
        let response = try await transport.send(.get("http://[::1]:\(server.port)/"))
        #expect(response.text == "[::1]:\(server.port)")
    }

    @Test func refusedConnectionsAreConnectErrors() async throws {
        let url = "http://user:secret@127.0.0.1:\(FreePort.find())/a?token=secret"
        let error = try #require(await transport.failure(of: .get(url)))
        #expect(error.code == .connect)
        #expect(error.isRetryable)
        #expect(!error.mayHaveReachedServer)
        #expect(error.curlCode == 7)
        #expect(error.message.contains("onnect"))
        #expect(!"\(error)".contains("secret"))
    }

    @Test func unknownNamesAreResolveErrors() async throws {
        let error = try #require(await transport.failure(of: .get("http://nowhere.invalid/")))
        #expect(error.code == .resolve)
        #expect(error.message.contains("nowhere.invalid"))
    }

    @Test(arguments: ["ftp://127.0.0.1/", "file:///etc/passwd", "http://", "http://a b/"])
    func otherURLsAreInvalid(url: String) async throws {
        let error = try #require(await transport.failure(of: .get(url)))
        #expect(error.code == .invalidRequest)
        #expect(!error.isRetryable)
    }

    @Test func lineBreaksInHeadersAreInvalid() async throws {
        var request = HTTPRequest.get("http://127.0.0.1/")
        request.headers["Authorization"] = "Bearer a\r\nX-Other: b"
        #expect(await transport.failure(of: request)?.code == .invalidRequest)
    }

    @Test func bodiesOverTheLimitAreRefused() async throws {
        let server = LoopbackListener(body: String(repeating: "x", count: 100_000))
        var request = HTTPRequest.get(server.url)
        request.bodyLimit = 99_999
        #expect(await transport.failure(of: request)?.code == .bodyTooLarge)
        request.bodyLimit = 100_000
        #expect(try await transport.send(request).body.count == 100_000)
    }

    @Test func gzipIsAskedForAndDecoded() async throws {
        let server = LoopbackListener { connection in
            while let request = connection.readRequest() {
                let zipped = request.header("Accept-Encoding") == "gzip" ? GzipSamples.hello : Data("plain".utf8)
                let encoding = request.header("Accept-Encoding").map { "Content-Encoding: \($0)\r\n" } ?? ""
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(zipped.count)\r\n\(encoding)\r\n")
                connection.write(zipped)
            }
        }
        var request = HTTPRequest.get(server.url)
        #expect(try await transport.send(request).text == "plain")
        request.acceptsCompression = true
        #expect(try await transport.send(request).text == "hello, hello, hello, hello")
    }
}
