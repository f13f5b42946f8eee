import Foundation
import HTTPTransport
import LoopbackSupport
import Testing

@Suite struct ProxyTests {
    @Test func plainRequestsNameTheirServerToTheProxy() async throws {
        let proxy = LoopbackListener { connection in
            while let request = connection.readRequest() {
                connection.respond("\(request.line)|\(request.header("Proxy-Authorization") ?? "")")
            }
        }
        let url = "http://user:word@127.0.0.1:\(proxy.port)"
        let transport = HTTPTransport.fixture(HTTPTransportConfiguration(proxy: .url(url)))
        let text = try await transport.send(.get("http://far.test/a")).text
        #expect(text == "GET http://far.test/a HTTP/1.1|Basic dXNlcjp3b3Jk")
    }

    @Test(arguments: [nil, "kubernetes.test"])
    func secureRequestsGoThroughATunnel(serverName: String?) async throws {
        let servers = try HTTPSServers.shared.get()
        let asked = Recorder<LoopbackRequest>()
        let proxy = LoopbackListener { connection in
            guard let request = connection.readRequest() else { return }
            asked.append(request)
            guard let server = LoopbackConnection.open(toPort: servers.namedPort) else { return }
            defer { server.close() }
            connection.write("HTTP/1.1 200 Connection established\r\n\r\n")
            connection.relay(with: server)
        }
        let transport = HTTPTransport.fixture(
            HTTPTransportConfiguration(
                certificateAuthority: .file(servers.certificates.path("authority.pem")), serverName: serverName,
                proxy: .url("http://127.0.0.1:\(proxy.port)")))
        // Without a server name, the URL's host has to be the certificate's.
        let host = serverName == nil ? "kubernetes.test" : "10.9.8.7"
        var request = HTTPRequest.get("https://\(host):6443/")
        request.headers["Authorization"] = "Bearer secret"
        let answer = try JSONDecoder().decode(
            HTTPSServers.Answer.self, from: await transport.send(request).body)
        #expect(answer.serverName == "kubernetes.test")
        #expect(answer.host == "\(host):6443")
        let connect = try #require(asked.all.first)
        #expect(connect.line == "CONNECT \(host):6443 HTTP/1.1")
        #expect(connect.header("Authorization") == nil)
    }

    @Test func proxyThatTurnsUsAwayIsAConnectError() async throws {
        let proxy = LoopbackListener { connection in
            while connection.readRequest() != nil { connection.respond("no", status: "403 Forbidden") }
        }
        let transport = HTTPTransport.fixture(
            HTTPTransportConfiguration(proxy: .url("http://127.0.0.1:\(proxy.port)")))
        let error = try #require(await transport.failure(of: .get("https://far.test/")))
        #expect(error.code == .connect)
        #expect(error.message.contains("403"))
        #expect(!error.mayHaveReachedServer)
    }

    @Test func socksProxiesGetTheName() async throws {
        let greeting = Recorder<[UInt8]>()
        let proxy = LoopbackListener { connection in
            let methods = connection.readBytes(2).last ?? 0
            greeting.append(connection.readBytes(Int(methods)))
            connection.write(Data([5, 0]))
            greeting.append(connection.readBytes(5 + 8 + 2))
            connection.write(Data([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]))
            while connection.readRequest() != nil { connection.respond("through") }
        }
        let transport = HTTPTransport.fixture(
            HTTPTransportConfiguration(proxy: .url("socks5://127.0.0.1:\(proxy.port)")))
        #expect(try await transport.send(.get("http://far.test/")).text == "through")
        #expect(greeting.all.last == [5, 1, 0, 3, 8] + Array("far.test".utf8) + [0, 80])
    }
}
