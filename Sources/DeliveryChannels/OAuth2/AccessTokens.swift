package import AsyncSupport
import Synchronization

/// Tokens of one account for one service: kept until shortly before they expire, and asked for by one at a time.
///
/// For example:
///
///     let tokens = AccessTokens(for: endpoint, clientID: id, credential: secret, scope: AccessTokens.mailScope)
///     let token = try await tokens.accessToken()
package final class AccessTokens: Sendable {
    private struct State {
        var token: String?
        /// On `clock`.
        var staleAt = Duration.zero
        var questions = 0
        var fault: TokenFault?
    }

    /// How long before its end a token isn't used any more; half its life where that is short.
    static let margin = Duration.seconds(300)

    private let fetch: @Sendable () async -> Result<TokenAnswer, TokenFault>
    private let clock: RuntimeClock
    private let turns = Turns(1)
    private let state = Mutex(State())

    init(clock: RuntimeClock = .continuous, _ fetch: @escaping @Sendable () async -> Result<TokenAnswer, TokenFault>) {
        self.clock = clock
        self.fetch = fetch
    }

    /// Of the application itself.
    package convenience init(
        for endpoint: TokenEndpoint, clientID: String, credential: ClientCredential, scope: String,
        clock: RuntimeClock = .continuous
    ) {
        self.init(clock: clock) {
            await endpoint.clientCredentials(clientID: clientID, credential: credential, scope: scope)
        }
    }

    /// One that is good for some minutes.
    package func accessToken() async throws(TokenFault) -> String {
        if let token = current { return token }
        let asked = state.withLock { $0.questions }
        let isMyTurn = await Result { () async throws(CancellationError) in try await turns.take() }
        guard case .success = isMyTurn else { throw .unreachable(words: "Stopped before it was sent", after: nil) }
        defer { turns.giveBack() }
        if let token = current { return token }
        // Those that waited for an answer share it, even if it was a fault: all others would ask the same.
        if let fault = state.withLock({ $0.questions > asked ? $0.fault : nil }) { throw fault }
        let start = clock.now()
        let answer = await fetch()
        state.withLock { state in
            state.questions += 1
            switch answer {
            case .success(let answer):
                let life = Duration.seconds(max(0, answer.expiresIn))
                state.token = answer.accessToken
                state.staleAt = start + life - min(Self.margin, life / 2)
                state.fault = nil
            case .failure(let fault): state.fault = fault
            }
        }
        return try answer.get().accessToken
    }

    /// Has it requested again where this one is still kept: a server didn't take it.
    package func discard(_ token: String) {
        state.withLock { if $0.token == token { $0.token = nil } }
    }

    private var current: String? {
        let now = clock.now()
        return state.withLock { state in now < state.staleAt ? state.token : nil }
    }
}
