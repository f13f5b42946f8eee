import Foundation
import HTTPTransport
import LoopbackSupport
import Testing

@Suite struct TLSTests {
    let servers: HTTPSServers
    let certificates: TestCertificates

    init() throws {
        servers = try HTTPSServers.shared.get()
        certificates = servers.certificates
    }

    private func transport(
        _ change: (inout HTTPTransportConfiguration) -> Void = { _ in }
    ) -> HTTPTransport {
        var configuration = HTTPTransportConfiguration(
            certificateAuthority: .file(certificates.path("authority.pem")), proxy: .none)
        change(&configuration)
        return HTTPTransport.fixture(configuration)
    }

    private func url(_ port: Int) -> String { "https://127.0.0.1:\(port)/" }

    private func answer(
        _ transport: HTTPTransport, _ request: HTTPRequest
    ) async throws -> HTTPSServers.Answer {
        try JSONDecoder().decode(HTTPSServers.Answer.self, from: await transport.send(request).body)
    }

    private var identity: TLSClientIdentity {
        get throws {
            TLSClientIdentity(
                certificate: .data(try certificates.data("client.pem")),
                privateKey: .data(try certificates.data("client.key")))
        }
    }

    @Test func authorityFromAFileIsTrusted() async throws {
        let answer = try await answer(transport(), .get(url(servers.fullPort)))
        #expect(answer.host == "127.0.0.1:\(servers.fullPort)")
        #expect(answer.serverName == nil)
        #expect(answer.client == nil)
        #expect(answer.tls == "TLSv1.3")
    }

    @Test func authorityFromDataIsTrusted() async throws {
        let authority = try certificates.data("authority.pem")
        let transport = transport { $0.certificateAuthority = .data(authority) }
        _ = try await answer(transport, .get(url(servers.fullPort)))
    }

    @Test(arguments: [nil, "stranger.pem"]) func otherAuthoritiesAreNot(authority: String?) async throws {
        let transport = transport { $0.certificateAuthority = authority.map { .file(certificates.path($0)) } }
        let error = try #require(await transport.failure(of: .get(url(servers.fullPort))))
        #expect(error.code == .tls)
        #expect(error.message.contains("certificate"))
        #expect(!error.mayHaveReachedServer)
    }

    @Test func missingAuthorityFileIsATLSError() async throws {
        let transport = transport { $0.certificateAuthority = .file("/nowhere.pem") }
        let error = try #require(await transport.failure(of: .get(url(servers.fullPort))))
        #expect(error.code == .tls)
        #expect(error.message.contains("/nowhere.pem"))
    }

    @Test func certificateOfAnotherNameIsRefused() async throws {
        let error = try #require(await transport().failure(of: .get(url(servers.namedPort))))
        #expect(error.code == .tls)
        #expect(error.message.contains("127.0.0.1"))
    }

    @Test func serverNameReplacesTheURLsHostForTLSOnly() async throws {
        let transport = transport { $0.serverName = "kubernetes.test" }
        let answer = try await answer(transport, .get(url(servers.namedPort)))
        #expect(answer.serverName == "kubernetes.test")
        #expect(answer.host == "127.0.0.1:\(servers.namedPort)")
    }

    @Test func serverNameIsWhatIsVerified() async throws {
        let transport = transport { $0.serverName = "elsewhere.test" }
        let error = try #require(await transport.failure(of: .get(url(servers.fullPort))))
        #expect(error.code == .tls)
        #expect(error.message.contains("elsewhere.test"))
    }

    @Test func ipv6AddressesAreVerified() async throws {
        let url = "https://[::1]:\(servers.ipv6Port)/"
        #expect(try await answer(transport(), .get(url)).host == "[::1]:\(servers.ipv6Port)")
        let named = transport { $0.serverName = "kubernetes.test" }
        let answer = try await answer(named, .get(url))
        #expect(answer.serverName == "kubernetes.test")
        #expect(answer.host == "[::1]:\(servers.ipv6Port)")
    }

    @Test func verificationCanBeTurnedOff() async throws {
        let transport = transport {
            $0.certificateAuthority = nil
            $0.verifiesServer = false
        }
        _ = try await answer(transport, .get(url(servers.namedPort)))
    }

    @Test func serversThatWantACertificateRefuseWithout() async throws {
        let error = try #require(await transport().failure(of: .get(url(servers.mutualPort))))
        // With TLS 1.3 the client learns of it only after the handshake.
        #expect(error.code == .tls || error.code == .connectionLost, "\(error)")
    }

    @Test func clientCertificatesFromDataAndFileAreShown() async throws {
        let identity = try identity
        let fromData = transport { $0.clientIdentity = identity }
        #expect(try await answer(fromData, .get(url(servers.mutualPort))).client == "client")
        let fromFile = transport {
            $0.clientIdentity = TLSClientIdentity(
                certificate: .file(certificates.path("client.pem")), privateKey: .file(certificates.path("client.key")))
        }
        #expect(try await answer(fromFile, .get(url(servers.mutualPort))).client == "client")
    }

    @Test func requestsOfDifferentIdentitiesShareNoConnection() async throws {
        let identity = try identity
        let transport = transport { $0.clientIdentity = identity }
        var other = HTTPRequest.get(url(servers.mutualPort))
        other.clientIdentity = TLSClientIdentity(
            certificate: .data(try certificates.data("full.pem")), privateKey: .data(try certificates.data("full.key")))
        let first = try await answer(transport, .get(url(servers.mutualPort)))
        let second = try await answer(transport, other)
        let third = try await answer(transport, .get(url(servers.mutualPort)))
        #expect(second.client == "full")
        #expect(third.client == "client")
        #expect(first.connection != second.connection)
        #expect(first.connection == third.connection)
    }

    @Test func brokenClientKeyIsATLSError() async throws {
        let certificate = try certificates.data("client.pem")
        let transport = transport {
            $0.clientIdentity = TLSClientIdentity(certificate: .data(certificate), privateKey: .data(Data("x".utf8)))
        }
        #expect(await transport.failure(of: .get(url(servers.mutualPort)))?.code == .tls)
    }
}
