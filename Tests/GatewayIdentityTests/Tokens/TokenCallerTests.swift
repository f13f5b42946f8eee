import Foundation
import GatewayIdentity
import Testing

/// What is known of who shows a good token.
@Suite struct TokenCallerTests {
    private let key = TestKey.p256("first")
    private let provider: TestProvider

    init() throws { provider = try TestProvider([key.jwk()]) }

    private func caller(
        _ claims: [String: Any?], _ change: (inout IssuerSettings) -> Void = { _ in }
    ) async throws -> Caller? {
        let token = try key.token(provider.claims(claims), "ES256")
        if case .caller(let caller) = await provider.verifier(change).verdict(on: token) { return caller }
        return nil
    }

    @Test func aCallerIsWhoTheTokenSays() async throws {
        let end = Int(provider.now.timeIntervalSince1970) + 300
        let caller = try await caller([
            "name": "Ada Lovelace", "email": "ada@example.com", "email_verified": true,
            "groups": ["readers", "writers"],
        ])
        #expect(
            caller
                == Caller(
                    user: "company:ada", groups: ["team:readers"], email: "ada@example.com",
                    displayName: "Ada Lovelace",
                    evidence: .token, expiresAt: Date(timeIntervalSince1970: Double(end))))
    }

    @Test func onlyVerifiedAddressesCount() async throws {
        let address: [String: Any?] = ["email": "ada@example.com"]
        for verified: Any? in [nil, false, "false", "True", 1, NSNull(), [true]] {
            #expect(try await caller(address.merging(["email_verified": verified]) { $1 })?.email == .some(nil))
        }
        for verified: Any? in [true, "true"] {
            let claims = address.merging(["email_verified": verified]) { $1 }
            #expect(try await caller(claims)?.email == "ada@example.com")
        }
        #expect(try await caller(address) { $0.trustEmail = true }?.email == "ada@example.com")
        for email in [
            "", "ada", "@", "a@b@c", "ada @example.com", "ada@example.com\r\nX: y", "ada@ex\u{430}mple.com", "@a",
        ] {
            #expect(try await caller(["email": email]) { $0.trustEmail = true }?.email == .some(nil))
        }
    }

    @Test func anAddressAsTheNameIsVerifiedToo() async throws {
        let byEmail: (inout IssuerSettings) -> Void = { $0.usernameClaim = "email" }
        #expect(try await caller(["email": "ada@example.com"], byEmail) == nil)
        #expect(try await caller(["email": "ada@example.com", "email_verified": false], byEmail) == nil)
        let caller = try await caller(["email": "ada@example.com", "email_verified": true], byEmail)
        #expect(caller?.user == "company:ada@example.com")
    }

    @Test func onlyListedGroupsCount() async throws {
        for groups: Any? in [
            ["readers"], "readers", ["system:masters", "readers", "team:readers"],
            ["readers", "readers"],
            ["readers", 1, NSNull(), ["writers"]], ["readers", ""],
        ] { #expect(try await caller(["groups": groups])?.groups == ["team:readers"]) }
        for groups: Any? in [
            nil, [], "", 1, NSNull(), "Readers", ["Readers"], ["readers\u{200B}"], ["readers,writers"],
            ["a": "readers"],
            "system:masters", ["team:readers"],
        ] { #expect(try await caller(["groups": groups])?.groups == []) }
        #expect(try await caller(["groups": "Domain Users"])?.groups == ["team:Domain Users"])
        let roles = try await caller(["roles": ["readers"], "groups": ["Domain Users"]]) { $0.groupsClaim = "roles" }
        #expect(roles?.groups == ["team:readers"])
    }

    @Test func namesComeFromTheConfiguredClaim() async throws {
        let claims: [String: Any?] = ["https://example.com/login": "Ada"]
        let caller = try await caller(claims) { $0.usernameClaim = "https://example.com/login" }
        #expect(caller?.user == "company:Ada")
        #expect(try await self.caller(["sub": "system:admin"]) == nil)
    }

    @Test func claimsMayHaveAnyName() async throws {
        #expect(try await caller(["größe": 180, "сотрудник": ["отдел": "a"]])?.user == "company:ada")
    }

    @Test(arguments: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"])
    func everyKnownAlgorithmIsChecked(algorithm: String) async throws {
        let key: TestKey =
            switch algorithm {
            case "ES256": .p256("k")
            case "ES384": .p384("k")
            case "ES512": .p521("k")
            case _: try .rsa("k")
            }
        #expect(IssuerSettings.knownAlgorithms.contains(algorithm))
        try provider.show([key.jwk()])
        let verifier = provider.verifier { $0.algorithms = [algorithm] }
        let token = try key.token(provider.claims(), algorithm)
        #expect(await verifier.verdict(on: token).outcome == "passes")
        let changed = token.dropLast(10) + (token.hasSuffix("AAAAAAAAAA") ? "BBBBBBBBBA" : "AAAAAAAAAA")
        #expect(await verifier.verdict(on: String(changed)).outcome == "signature")
    }
}
