import Foundation
import GatewayIdentity
import LoopbackSupport
import Testing

/// Keys that change, and providers that are away.
@Suite struct KeyRotationTests {
    private let key = TestKey.p256("first")
    private let provider: TestProvider

    init() throws { provider = try TestProvider([key.jwk()]) }

    private func verdict(_ verifier: TokenVerifier, _ key: TestKey) async throws -> String {
        await verifier.verdict(on: try key.token(provider.claims(), "ES256")).outcome
    }

    private static let unknown = "unknownKey"
    private static let away = "away"

    @Test func keysAreFetchedOnceForMany() async throws {
        let verifier = provider.verifier()
        let token = try key.token(provider.claims(), "ES256")
        #expect(provider.questions == 0)
        await withTaskGroup(of: TokenVerdict.self) { group in
            for _ in 0..<50 { group.addTask { await verifier.verdict(on: token) } }
            for await verdict in group {
                if case .caller = verdict { continue }
                Issue.record("\(verdict)")
            }
        }
        #expect(provider.questions == 2)
    }

    @Test func aNewKeyIsFetchedWhenATokenNamesIt() async throws {
        let verifier = provider.verifier()
        let second = TestKey.p256("second")
        #expect(try await verdict(verifier, key) == "passes")
        try provider.show([second.jwk()])
        provider.pass(60)
        #expect(try await verdict(verifier, second) == "passes")
        #expect(provider.fetches == 2)
        // What the provider has withdrawn is good no more.
        #expect(try await verdict(verifier, key) == Self.unknown)
    }

    @Test func unknownKeysAreAskedForOnceAMinute() async throws {
        let verifier = provider.verifier()
        #expect(try await verdict(verifier, key) == "passes")
        for (seconds, fetches) in [(0, 1), (59, 1), (1, 2), (0, 2), (30, 2), (29, 2), (1, 3), (3600, 4)] {
            provider.pass(seconds)
            for name in ["a", "b"] { #expect(try await verdict(verifier, key.called(name)) == Self.unknown) }
            #expect(provider.fetches == fetches)
        }
        #expect(try await verdict(verifier, key) == "passes")
    }

    @Test func theFirstQuestionIsntAskedTwice() async throws {
        #expect(try await verdict(provider.verifier(), key.called("other")) == Self.unknown)
        #expect(provider.fetches == 1)
    }

    @Test func aWithdrawnKeyGoesWithTheNextFetch() async throws {
        let (verifier, keys) = provider.verifierAndKeys()
        #expect(!keys.hasKeys)
        await keys.run()
        #expect(keys.hasKeys && provider.fetches == 1)
        try provider.show([TestKey.p256("second").jwk()])
        #expect(try await verdict(verifier, key) == "passes")
        await keys.run()
        #expect(try await verdict(verifier, key) == Self.unknown)
    }

    @Test func oldKeysAreGoodWhileTheProviderIsAway() async throws {
        let (verifier, keys) = provider.verifierAndKeys()
        await keys.run()
        provider.change { $0.isAway = true }
        for _ in 0..<5 {
            provider.pass(3600)
            await keys.run()
            #expect(try await verdict(verifier, key) == "passes")
            #expect(try await verdict(verifier, key.called("other")) == Self.unknown)
        }
        // A set without a key that can be used is no better than none.
        provider.change { $0.isAway = false }
        try provider.show([])
        await keys.run()
        #expect(try await verdict(verifier, key) == "passes")
        try provider.show([TestKey.p256("second").jwk()])
        await keys.run()
        #expect(try await verdict(verifier, key) == Self.unknown)
    }

    @Test func whoIsAwayIsAskedAfterGrowingPauses() async throws {
        let verifier = provider.verifier()
        provider.change { $0.isAway = true }
        #expect(try await verdict(verifier, key) == Self.away)
        // libcurl may try again by itself; what counts is when nothing is asked.
        var before = provider.questions
        #expect(try await verdict(verifier, key) == Self.away)
        #expect(provider.questions == before)
        for pause in [1, 2, 4, 8, 16] {
            provider.pass(pause)
            before = provider.questions
            #expect(try await verdict(verifier, key) == Self.away)
            #expect(provider.questions > before)
            before = provider.questions
            for _ in 0..<3 { #expect(try await verdict(verifier, key) == Self.away) }
            #expect(provider.questions == before)
        }
        provider.change { $0.isAway = false }
        provider.pass(300)
        #expect(try await verdict(verifier, key) == "passes")
    }

    /// Each of no use, and none a reason to do without the others.
    @Test func whatIsWrongWithOneKeyHarmsNoOther() async throws {
        let rsa = try TestKey.rsa("rsa")
        let useless: [Any] = [
            ["kty": "oct", "kid": "secret", "k": "AAAA"], ["kty": "AKP", "kid": "ml-dsa", "alg": "ML-DSA-65"],
            try key.jwk(["kid": nil]), try key.jwk(["kid": ""]), try key.jwk(["kid": 7]),
            try key.jwk(["kid": "enc", "use": "enc"]), try key.jwk(["kid": "odd-use", "use": "Sig"]),
            try key.jwk(["kid": "ops", "use": nil, "key_ops": ["encrypt"]]),
            try rsa.jwk(["kid": "oaep", "alg": "RSA-OAEP"]), try rsa.jwk(["kid": "none", "alg": "none"]),
            try rsa.jwk(["kid": "hs", "alg": "HS256"]), try rsa.jwk(["kid": "half", "n": nil]),
            try rsa.jwk(["kid": "broken", "n": "!"]), try rsa.jwk(["kid": "short", "n": "AQAB"]),
            try key.jwk(["kid": "point", "x": "AAAA"]), try key.jwk(["kid": "no-y", "y": nil]),
            try key.jwk(["kid": "curve", "crv": "secp256k1"]), try key.jwk(["kid": "wrong", "alg": "ES384"]),
            try key.jwk(["kid": "kty", "kty": nil]), "text", 1, NSNull(), [String](), [String: String](),
        ]
        let good = [try key.jwk(), try rsa.jwk()] as [Any]
        let set = try JSONSerialization.data(withJSONObject: ["keys": useless + good + useless])
        provider.change { $0.keys = set }
        let verifier = provider.verifier()
        #expect(try await verdict(verifier, key) == "passes")
        #expect(await verifier.verdict(on: try rsa.token(provider.claims())).outcome == "passes")
        for case let entry as [String: Any] in useless {
            guard let kid = entry["kid"] as? String else { continue }
            #expect(try await verdict(verifier, key.called(kid)) == Self.unknown)
            #expect(await verifier.verdict(on: try rsa.called(kid).token(provider.claims())).outcome == Self.unknown)
        }
    }

    @Test func twoKeysOfOneNameAreBothGood() async throws {
        let twin = TestKey.p256("first")
        try provider.show([twin.jwk(), key.jwk()])
        let verifier = provider.verifier()
        for key in [key, twin] { #expect(try await verdict(verifier, key) == "passes") }
        #expect(try await verdict(verifier, TestKey.p256("first")) == "signature")
    }

    @Test func oddMembersOfAKeyHarmNothing() async throws {
        try provider.show([key.jwk(["größe": "256", "x5c": ["AAAA"], "ext": true]), ["ключ": 1]])
        #expect(try await verdict(provider.verifier(), key) == "passes")
    }

    @Test func anIssuersTroubleIsItsOwn() async throws {
        let other = try TestProvider([key.jwk()])
        other.change { $0.isAway = true }
        let verifier = provider.verifier(others: [other.settings { $0.name = "other" }])
        #expect(await verifier.verdict(on: try key.token(other.claims(), "ES256")).outcome == Self.away)
        #expect(try await verdict(verifier, key) == "passes")
    }

    @Test func anotherIssuersKeySignsNothing() async throws {
        let foreign = TestKey.p256("foreign")
        let other = try TestProvider([foreign.jwk(), TestKey.p256("first").jwk()])
        let verifier = provider.verifier(others: [
            other.settings {
                $0.name = "other"
                $0.usernamePrefix = "other:"
            }
        ])
        #expect(try await verdict(verifier, foreign) == Self.unknown)
        #expect(try await verdict(verifier, foreign.called("first")) == "signature")
        guard case .caller(let caller) = await verifier.verdict(on: try foreign.token(other.claims(), "ES256")) else {
            Issue.record("refused")
            return
        }
        #expect(caller.user == "other:ada")
    }

    @Test(arguments: [
        ["issuer": "https://id.example.com"], ["issuer": ""], ["jwks_uri": ""], ["jwks_uri": "http://10.0.0.1/keys"],
        ["jwks_uri": "file:///etc/passwd"], ["token_endpoint": "http://id.example.com/token"],
        ["authorization_endpoint": "javascript:alert(1)"], ["end_session_endpoint": "ftp://id.example.com/"],
    ])
    func aDocumentThatCantBeTrustedIsNone(changes: [String: String]) async throws {
        provider.change { $0.changes = changes }
        #expect(try await verdict(provider.verifier(), key) == Self.away)
        #expect(provider.fetches == 0)
    }

    @Test(arguments: ["", "[]", "<html>", "{\"issuer\": 1}", String(repeating: " ", count: 300_000)])
    func whatIsNoDocumentIsTrouble(text: String) async throws {
        provider.change { $0.document = text }
        #expect(try await verdict(provider.verifier(), key) == Self.away)
    }

    @Test func anIssuerOfProgramsNeedsNoEndpoints() async throws {
        provider.change { $0.changes = ["authorization_endpoint": "", "token_endpoint": ""] }
        #expect(try await verdict(provider.verifier(), key) == "passes")
    }
}
