import Foundation
import Testing

@testable import GatewayIdentity

@Suite struct SignInRefreshTests {
    private let provider: CodeFlowProvider
    private let signIn: SignIn

    init() throws {
        provider = try CodeFlowProvider()
        signIn = try provider.signIn()
    }

    private func session() async throws -> Session {
        let beginning = try await signIn.begin(issuer: nil, returnPath: nil).get()
        let cookie = String(beginning.cookie.prefix { $0 != ";" })
        return try await signIn.finish(query: provider.authorize(beginning.location), cookies: [cookie]).get().session
    }

    private func kind(_ result: Result<Session, SignInFault>) -> SignInFault.Kind? {
        if case .failure(let fault) = result { fault.kind } else { nil }
    }

    @Test func aRefreshKeepsWhoItIs() async throws {
        let session = try await session()
        provider.pass(500)
        let next = try await signIn.refresh(session).get()
        #expect(next.id == session.id && next.user == session.user && next.groups == session.groups)
        #expect(next.startedAt == session.startedAt && next.endsAt == provider.now + 600)
        #expect(next.refreshToken != session.refreshToken && next.canBeRefreshed)
    }

    @Test func aNewIDTokenBringsWhatIsNew() async throws {
        let session = try await session()
        provider.change {
            $0.refreshesBringIDToken = true
            $0.claims = ["groups": AnySendable([String]())]
        }
        #expect(try await signIn.refresh(session).get().groups == [])
        // Of somebody else it ends the session.
        let another = try await self.session()
        provider.change { $0.claims = ["sub": AnySendable("mallory")] }
        #expect(kind(await signIn.refresh(another)) == .ended)
    }

    @Test func aRefusedRefreshEndsTheSession() async throws {
        let session = try await session()
        for (status, body) in [(400, #"{"error": "invalid_grant"}"#), (401, ""), (403, #"{"error": "invalid_code"}"#)] {
            provider.change { $0.refusal = (status, body) }
            #expect(kind(await signIn.refresh(session)) == .ended)
        }
    }

    @Test func aProviderThatIsAwayEndsNothing() async throws {
        let session = try await session()
        for status in [500, 503, 429] {
            provider.change { $0.refusal = (status, "") }
            #expect(kind(await signIn.refresh(session)) == .providerAway)
        }
        #expect(!session.isOver(at: provider.now))
        provider.change { $0.refusal = nil }
        _ = try await signIn.refresh(session).get()
    }

    /// Most providers take a refresh token once, and some end all of a person's tokens when it comes again.
    @Test func requestsAtOnceShareARefresh() async throws {
        let session = try await session()
        let before = provider.tokenRequests.count
        let answers = await withTaskGroup(of: Result<Session, SignInFault>.self) { group in
            for _ in 0..<20 { group.addTask { await signIn.refresh(session) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(provider.tokenRequests.count == before + 1)
        #expect(answers.count == 20 && Set(answers.compactMap { try? $0.get() }).count == 1)
        // Who comes a moment later with the old cookie too.
        provider.pass(30)
        #expect(try await signIn.refresh(session).get() == answers[0].get())
        #expect(provider.tokenRequests.count == before + 1)
        provider.pass(31)
        #expect(kind(await signIn.refresh(session)) == .ended)
    }

    @Test func tenHoursAfterTheSignInItEnds() async throws {
        var session = try await session()
        for _ in 0..<71 {
            provider.pass(500)
            session = try await signIn.refresh(session).get()
        }
        #expect(session.endsAt == session.startedAt + 36_000)
        #expect(!session.needsRefresh(at: provider.now + 499) && session.isOver(at: provider.now + 500))
        provider.pass(500)
        #expect(kind(await signIn.refresh(session)) == .ended)
    }

    @Test func withoutATokenThereIsNoRefresh() async throws {
        var session = try await session()
        session.refreshToken = nil
        #expect(kind(await signIn.refresh(session)) == .ended)
    }
}
