import Crypto
import Foundation
import GatewayIdentity
import Testing

/// Tokens that nobody may come in with.
@Suite struct TokenRefusalTests {
    private let key: TestKey
    private let provider: TestProvider
    private let verifier: TokenVerifier

    init() throws {
        key = try TestKey.rsa("first")
        provider = try TestProvider([key.jwk()])
        verifier = provider.verifier()
    }

    /// The reason of a refusal, whose words repeat nothing of the token.
    private func reason(_ token: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
        let verdict = await verifier.verdict(on: token)
        guard case .refused(let refusal) = verdict else {
            Issue.record("\(verdict)", sourceLocation: sourceLocation)
            return ""
        }
        let words = refusal.words
        for part in token.split(separator: ".") { #expect(!words.contains(part)) }
        #expect(!words.contains("ada") && !words.contains("first"))
        return refusal.reason.rawValue
    }

    private func passes(_ token: String) async -> Bool {
        if case .caller = await verifier.verdict(on: token) { true } else { false }
    }

    @Test func aGoodTokenPasses() async throws { #expect(await passes(try key.token(provider.claims()))) }

    @Test(arguments: ["none", "None", "NONE", "", "HS256", "hs256", "RS384", "RS512", "PS256", "EdDSA", "RS256 "])
    func otherAlgorithmsAreRefused(algorithm: String) async throws {
        #expect(try await reason(key.token(provider.claims(), header: ["alg": algorithm])) == "algorithm")
        let signed = try TestKey.signedPart(["alg": algorithm, "kid": "first"], provider.claims())
        #expect(try await reason(signed + ".") == "algorithm")
        #expect(try await reason(signed + ".AAAA") == "algorithm")
    }

    @Test func aPublicKeyIsNoSecret() async throws {
        let signed = try TestKey.signedPart(["alg": "HS256", "kid": "first"], provider.claims())
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(signed.utf8), using: SymmetricKey(data: Data(key.pem.utf8)))
        #expect(try await reason(signed + "." + TestKey.url(Data(code))) == "algorithm")
    }

    /// A key that doesn't say what it is for is bound by us, not by who comes first.
    @Test func aForgedAlgorithmSpoilsNoKey() async throws {
        let verifier = provider.verifier { $0.algorithms = ["RS256", "RS512", "ES256"] }
        let good = try key.token(provider.claims())
        let forged = try TestKey.rsa("first", another: true).token(provider.claims(), "RS512")
        #expect(await verifier.verdict(on: forged).outcome == "signature")
        for token in [good, try key.token(provider.claims(), "RS512"), good] {
            #expect(await verifier.verdict(on: token).outcome == "passes")
        }
    }

    @Test func aKeyChecksOnlyWhatItIsFor() async throws {
        try provider.show([key.jwk(["alg": "RS256"])])
        let verifier = provider.verifier { $0.algorithms = ["RS256", "RS512"] }
        let token = try key.token(provider.claims(), "RS512")
        #expect(await verifier.verdict(on: token).outcome == "unknownKey")
    }

    @Test func signaturesAreChecked() async throws {
        let token = try key.token(provider.claims())
        let parts = token.split(separator: ".").map(String.init)
        let admin = try TestKey.signedPart(["alg": "RS256", "kid": "first"], provider.claims(["sub": "root"]))
        for forged in [
            "\(parts[0]).\(parts[1]).", "\(parts[0]).\(parts[1]).AAAA", "\(admin).\(parts[2])",
            try TestKey.rsa("first", another: true).token(provider.claims()),
            try TestKey.p256("first").token(provider.claims()),
        ] { #expect(["signature", "algorithm", "unknownKey"].contains(try await reason(forged))) }
        for kid: Any? in ["", "other", "FIRST", "first "] {
            #expect(try await reason(key.token(provider.claims(), header: ["kid": kid])) == "unknownKey")
        }
        // The only key that it can be.
        #expect(await passes(try key.token(provider.claims(), header: ["kid": nil])))
        try provider.show([key.jwk(), key.called("second").jwk()])
        let token2 = try key.token(provider.claims(), header: ["kid": nil])
        #expect(await provider.verifier().verdict(on: token2).outcome == "unknownKey")
    }

    @Test func extensionsAreRefused() async throws {
        #expect(
            try await reason(key.token(provider.claims(), header: ["crit": ["b64"], "b64": false])) == "malformed")
        #expect(try await reason(key.token(provider.claims(), header: ["crit": []])) == "malformed")
        #expect(try await reason(key.token(provider.claims(), header: ["crit": "exp"])) == "malformed")
        #expect(try await reason(key.token(provider.claims(), header: ["crit": NSNull()])) == "malformed")
    }

    @Test func timesAreChecked() async throws {
        let now = Int(provider.now.timeIntervalSince1970)
        func refused(_ claim: String, _ value: Any?) async throws -> String {
            try await reason(key.token(provider.claims([claim: value])))
        }
        #expect(try await refused("exp", now - 31) == "expired")
        #expect(try await refused("exp", now - 30) == "expired")
        #expect(try await refused("exp", 0) == "expired")
        for value: Any? in [nil, "\(now + 300)", NSNull(), -1, 1e300, [now + 300], true] {
            #expect(try await refused("exp", value) == "expired")
        }
        #expect(try await refused("nbf", now + 31) == "notYetValid")
        #expect(try await refused("nbf", "soon") == "malformed")
        #expect(try await refused("iat", now + 31) == "notYetValid")
        for claims in [["exp": now - 29], ["nbf": now + 30], ["iat": now + 30], ["exp": Double(now) + 0.5]]
            as [[String: Any]]
        {
            #expect(await passes(try key.token(provider.claims(claims))))
        }
    }

    @Test func tokensForOthersAreRefused() async throws {
        for audience: Any? in [nil, "", "Api", "api ", "reports", "api,other", ["other"], [], ["api": "api"], 1, "apí"]
        {
            #expect(try await reason(key.token(provider.claims(["aud": audience]))) == "audience")
        }
        #expect(await passes(try key.token(provider.claims(["aud": ["other", "api"]]))))
    }

    @Test func namesOfKubernetesAreRefused() async throws {
        for user in ["", "\u{0}", "a\nb", " ada", String(repeating: "a", count: 300), "\u{200B}"] {
            #expect(try await reason(key.token(provider.claims(["sub": user]))) == "identity")
        }
        for user: Any? in [nil, 1, NSNull(), ["ada"]] {
            #expect(try await reason(key.token(provider.claims(["sub": user]))) == "identity")
        }
    }

    @Test func tooLongATokenIsRefused() async throws {
        let long = try key.token(provider.claims(["note": String(repeating: "a", count: 8000)]))
        #expect(try await reason(long) == "tooLong")
    }

    /// Kubernetes is asked about these.
    @Test func whatIsNoTokenOfOursIsLeftToOthers() async throws {
        let claims = provider.claims()
        let good = try key.token(claims)
        for token in [
            "", "secret", ".", "..", "...", good + ".a", String(good.dropFirst()), good + "=", good + "\n",
            try key.token(provider.claims(["iss": "https://kubernetes.default.svc"])),
            try key.token(provider.claims(["iss": nil])),
            try key.token(provider.claims(["iss": provider.issuer + "/"])),
            try key.token(provider.claims(["iss": [provider.issuer]])),
        ] { #expect(await verifier.verdict(on: token).outcome == "not ours") }
        #expect(try await reason(key.token(claims, header: ["alg": nil])) == "algorithm")
        #expect(provider.questions == 0)
    }
}
