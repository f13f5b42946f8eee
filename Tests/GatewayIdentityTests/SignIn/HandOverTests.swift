import Crypto
import Foundation
import Testing

@testable import GatewayIdentity

/// A session goes from a window to the frame that opened it, and to nobody else.
@Suite struct HandOverTests {
    private let provider: CodeFlowProvider
    private let signIn: SignIn
    private let url: PublicURL
    private let keys: CookieKeys
    private let handOver: HandOver

    private static let verifier = Base64URL.text(Array(repeating: UInt8(5), count: 32))
    private static let challenge = Base64URL.text(SHA256.hash(data: Data(verifier.utf8)))

    init() throws {
        let provider = try CodeFlowProvider()
        self.provider = provider
        signIn = try provider.signIn()
        url = try .of("https://reports.example.com")
        keys = try CookieKeys([Data(repeating: 7, count: 32)], of: url)
        handOver = HandOver(keys: keys, now: { provider.now })
    }

    private func done(_ challenge: String?) async throws -> SignIn.Done {
        let beginning = try await signIn.begin(issuer: nil, returnPath: "/", handOver: challenge).get()
        let cookie = String(beginning.cookie.prefix { $0 != ";" })
        return try await signIn.finish(query: provider.authorize(beginning.location), cookies: [cookie]).get()
    }

    @Test func whoHasTheSecretGetsTheSession() async throws {
        let done = try await done(Self.challenge)
        #expect(done.handOver == Self.challenge)
        let token = try #require(handOver.token(for: done.session, challenge: Self.challenge))
        #expect(handOver.session(in: token, verifier: Self.verifier) == done.session)
        for other in ["", Self.challenge, Self.verifier + "x", String(repeating: "x", count: 100_000)] {
            #expect(handOver.session(in: token, verifier: other) == nil)
        }
        #expect(!token.contains("ada"))
    }

    @Test func itIsForAMinute() async throws {
        let token = try #require(handOver.token(for: try await done(Self.challenge).session, challenge: Self.challenge))
        provider.pass(59)
        #expect(handOver.session(in: token, verifier: Self.verifier) != nil)
        provider.pass(1)
        #expect(handOver.session(in: token, verifier: Self.verifier) == nil)
    }

    /// Each is sealed for its own purpose: a cookie isn't a token, nor a token a cookie.
    @Test func itIsNoCookieAndNoCookieIsIt() async throws {
        let session = try await done(Self.challenge).session
        let token = try #require(handOver.token(for: session, challenge: Self.challenge))
        let cookie = SessionCookie(CookieAttributes(url), keys: keys)
        #expect(cookie.session(in: ["__Host-report-session=\(token)"], at: provider.now) == nil)
        let made = try #require(cookie.made(session)).header
        let value = made.dropFirst("__Host-report-session=".count).prefix { $0 != ";" }
        #expect(handOver.session(in: String(value), verifier: Self.verifier) == nil)
        let others = HandOver(
            keys: try CookieKeys([Data(repeating: 8, count: 32)], of: url), now: { [provider] in provider.now })
        #expect(others.session(in: token, verifier: Self.verifier) == nil)
    }

    @Test func anOrdinarySignInHandsNothingOver() async throws {
        #expect(try await done(nil).handOver == nil)
    }

    @Test(arguments: ["", "short", String(repeating: "=", count: 43), String(repeating: "A", count: 44)])
    func whatIsNoHashBeginsNothing(challenge: String) async throws {
        guard case .failure(let fault) = await signIn.begin(issuer: nil, returnPath: "/", handOver: challenge) else {
            Issue.record("it has begun")
            return
        }
        #expect(fault.kind == .stale)
    }
}
