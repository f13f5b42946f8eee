import AsyncSupport
import ChannelServers
import DeliveryChannels
import Digests
import Foundation
import HTTPTransport
import KubernetesModel
import Logging
import LoopbackSupport
import ReportAPI
import Synchronization
import Testing

@Suite("OAuth2 tokens", .timeLimit(.minutes(3))) struct AccessTokensTests {
    private let scope = "https://graph.microsoft.com/.default"

    private func tokens(
        _ world: GraphServer.World, clientID: String = "app", _ credential: ClientCredential = .secret("s3cret"),
        clock: RuntimeClock = .continuous
    ) -> AccessTokens {
        AccessTokens(
            for: world.endpoint(), clientID: clientID, credential: credential, scope: scope, clock: clock)
    }

    private func fault(_ tokens: AccessTokens) async throws -> TokenFault {
        let result = await Result { () async throws(TokenFault) in try await tokens.accessToken() }
        guard case .failure(let fault) = result else { throw DeadlineExceeded(description: "there was a token") }
        return fault
    }

    @Test("A token is kept until shortly before its end") func kept() async throws {
        let world = try GraphServer.world()
        let time = Mutex(Duration.zero)
        let tokens = tokens(world, clock: RuntimeClock(now: { time.withLock { $0 } }, sleep: { _ in }))
        #expect(try await tokens.accessToken() == "token-1")
        time.withLock { $0 = .seconds(3599 - 301) }
        #expect(try await tokens.accessToken() == "token-1")
        time.withLock { $0 = .seconds(3599 - 299) }
        #expect(try await tokens.accessToken() == "token-2")
        try await world.set(.object(["options": .object(["life": .integer(60)])]))
        tokens.discard("token-2")
        #expect(try await tokens.accessToken() == "token-3")
        time.withLock { $0 += .seconds(29) }
        #expect(try await tokens.accessToken() == "token-3", "one of a short life is used for half of it")
        time.withLock { $0 += .seconds(2) }
        #expect(try await tokens.accessToken() == "token-4")
    }

    @Test("Many at once ask once, and share a fault") func singleFlight() async throws {
        let world = try GraphServer.world()
        let tokens = tokens(world)
        let got = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await tokens.accessToken() } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(got == ["token-1"])
        #expect(try await world.state().issued == 1)
        let wrong = self.tokens(world, .secret("wrong"))
        let faults = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { (try? await wrong.accessToken()) == nil } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(faults == 20)
        #expect(try await world.state().log.count < 21, "who waits shares the answer")
    }

    @Test("One that isn't taken is asked for anew, and a newer one is kept") func discarded() async throws {
        let world = try GraphServer.world()
        let tokens = tokens(world)
        #expect(try await tokens.accessToken() == "token-1")
        tokens.discard("token-1")
        #expect(try await tokens.accessToken() == "token-2")
        tokens.discard("token-1")
        #expect(try await tokens.accessToken() == "token-2")
    }

    @Test("What Entra ID refuses is said with what to mend, without ids of the call or the secret") func words()
        async throws
    {
        let world = try GraphServer.world()
        let wrong = try await fault(tokens(world, .secret("hunter2 & more")))
        guard case .refused(let words) = wrong else { throw DeadlineExceeded(description: "\(wrong)") }
        #expect(
            words == "127.0.0.1 answered 401: AADSTS7000215: Invalid client secret provided. Put the client secret's "
                + "Value, not its Secret ID, into the Secret's key clientSecret")
        let sent = try #require(await world.state().log.last)
        #expect(sent.text?.contains("client_secret=hunter2%20%26%20more") == true)
        let stranger = try await fault(tokens(world, clientID: "other"))
        #expect(stranger.words.contains("AADSTS700016") && stranger.words.contains("Check clientID"))
    }

    @Test("What may pass is tried again, when Entra ID says") func mayPass() async throws {
        let world = try GraphServer.world()
        let retry: JSONValue = .object(["Retry-After": .string("17")])
        try await world.fault([
            "method": .string("POST"), "path": .string("token"), "status": .integer(429), "headers": retry,
        ])
        #expect(try await fault(tokens(world)) == .unreachable(words: "127.0.0.1 answered 429", after: .seconds(17)))
        try await world.fault(["method": .string("POST"), "path": .string("token"), "status": .integer(503)])
        #expect(try await fault(tokens(world)).outcome == .deferred(words: "127.0.0.1 answered 503", after: nil))
        try await world.fault(["method": .string("POST"), "path": .string("token"), "cut": .string("before")])
        guard case .unreachable = try await fault(tokens(world)) else { throw DeadlineExceeded(description: "refused") }
        try await world.fault(["method": .string("POST"), "path": .string("token"), "status": .integer(200)])
        #expect(try await fault(tokens(world)).words == "127.0.0.1 answered 200 without a token")
    }

    @Test("A certificate signs an assertion that names it, its receiver and its end") func assertion() async throws {
        let pair = try RSACertificate.shared.get()
        let certificate = try SigningCertificate(certificate: pair.certificate, privateKey: pair.key)
        let world = try GraphServer.world()
        let endpoint = world.endpoint(now: { Date(timeIntervalSince1970: 1_793_426_400) })
        let tokens = AccessTokens(
            for: endpoint, clientID: "app", credential: .certificate(certificate), scope: scope)
        #expect(try await tokens.accessToken() == "token-1")
        let form = try #require(await world.state().log.first?.text)
        #expect(form.contains("client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"))
        #expect(!form.contains("client_secret"))
        let text = try #require(form.split(separator: "client_assertion=").last?.split(separator: "&").first)
        let parts = text.split(separator: ".").map(Self.decoded)
        #expect(parts.count == 3 && parts[2].count == 256)
        let header = try JSONDecoder().decode(JSONValue.self, from: parts[0])
        #expect(header["alg"] == .string("PS256") && header["typ"] == .string("JWT"))
        let thumbprint = Self.decoded(Substring(try #require(header["x5t#S256"]?.string)))
        #expect(Array(thumbprint) == certificate.thumbprint)
        let claims = try JSONDecoder().decode(JSONValue.self, from: parts[1])
        #expect(claims["aud"] == .string("\(world.address)/example.com/oauth2/v2.0/token"))
        #expect(claims["iss"] == .string("app") && claims["sub"] == .string("app"))
        #expect(claims["exp"] == .integer(1_793_426_700) && claims["nbf"] == .integer(1_793_426_340))
        #expect(claims["jti"]?.string.flatMap(UUID.init) != nil)
    }

    private static func decoded(_ text: Substring) -> Data {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)) ?? Data()
    }

    @Test("A Secret holds a client secret or a certificate, and what is wrong is said") func credentials() throws {
        let pair = try RSACertificate.shared.get()
        func fault(_ credentials: [String: Data]) -> String? {
            do throws(ChannelFault) {
                _ = try ClientCredential(ChannelSecrets(credentials: credentials), field: "secretRef")
                return nil
            } catch { return error.description }
        }
        #expect(fault(["clientSecret": Data("s\n".utf8)]) == nil)
        #expect(fault(["tls.crt": pair.certificate, "tls.key": pair.key]) == nil)
        #expect(fault([:])?.contains("needs clientSecret, or tls.crt and tls.key") == true)
        #expect(fault(["tls.crt": pair.certificate])?.contains("both tls.crt and tls.key") == true)
        #expect(fault(["clientSecret": Data("s".utf8), "tls.key": pair.key])?.contains("take one of them out") == true)
        #expect(fault(["tls.crt": Data("x".utf8), "tls.key": pair.key])?.contains("BEGIN CERTIFICATE") == true)
        #expect(!"\(ClientCredential.secret("hush"))".contains("hush"))
    }

    @Test("A mail channel's Secret gives tokens for Exchange, or none where it holds a password") func mail()
        async throws
    {
        let world = try GraphServer.world()
        func tokens(_ credentials: [String: String]) throws -> AccessTokens? {
            try AccessTokens.forMail(
                world.spec(.mail), secrets: world.secrets(credentials), cloud: world.cloud,
                logger: Logger(label: "test"))
        }
        let oauth = [
            "user": "reports@example.com", "tenant": "example.com", "clientID": "app", "clientSecret": "s3cret",
        ]
        #expect(try await tokens(oauth)?.accessToken() == "token-1")
        let form = try #require(await world.state().log.first?.text)
        #expect(form.contains("scope=https%3A%2F%2Foutlook.office365.com%2F.default"))
        #expect(try tokens(["user": "a", "password": "b"]) == nil)
        #expect(throws: ChannelFault.self) { try tokens(oauth.merging(["password": "b"]) { $1 }) }
        #expect(throws: ChannelFault.self) { try tokens(["user": "a", "tenant": "b"]) }
    }
}
