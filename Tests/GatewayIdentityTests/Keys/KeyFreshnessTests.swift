import Foundation
import GatewayIdentity
import LoopbackSupport
import Testing

/// Keys that are in use for long, while nobody calls `run`.
@Suite struct KeyFreshnessTests {
    private let key = TestKey.p256("first")
    private let provider: TestProvider
    private let verifier: TokenVerifier

    init() throws {
        provider = try TestProvider([key.jwk()])
        verifier = provider.verifier()
    }

    private func passes() async throws -> Bool {
        if case .caller = await verifier.verdict(on: try key.token(provider.claims(), "ES256")) { true } else { false }
    }

    @Test func usedKeysAreFetchedAnewWithoutAWait() async throws {
        #expect(try await passes())
        provider.pass(599)
        #expect(try await passes())
        #expect(provider.fetches == 1)
        provider.pass(1)
        #expect(try await passes())
        try await eventually { provider.fetches == 2 }
    }

    @Test func afterALongSilenceAWithdrawnKeyIsGoodNoMore() async throws {
        #expect(try await passes())
        try provider.show([TestKey.p256("second").jwk()])
        provider.pass(3600)
        #expect(try await !passes())
    }

    @Test func keysStayWhileTheProviderIsAway() async throws {
        #expect(try await passes())
        provider.change { $0.isAway = true }
        for _ in 0..<10 {
            provider.pass(3600)
            #expect(try await passes())
        }
        provider.change { $0.isAway = false }
        try provider.show([TestKey.p256("second").jwk()])
        // A fetch that began while it was away may end only now; the next one is due after a pause.
        try await eventually {
            provider.pass(3600)
            return try await !passes()
        }
    }
}
