package import AsyncSupport

extension AccessTokens {
    /// Of an account that signed in once by `DeviceCodeSignIn`. Each answer brings the next refresh token, which is
    /// stored before the token is used.
    package convenience init(
        for endpoint: TokenEndpoint, clientID: String, signIn: SealedSignIn, scope: String,
        clock: RuntimeClock = .continuous
    ) {
        self.init(clock: clock) {
            let stored = await Result { () async throws(TokenFault) in try await signIn.load() }
            guard case .success(let token) = stored else { return stored.map { _ in Self.none } }
            var (used, answer) = (token, await endpoint.refreshed(token, clientID: clientID, scope: scope))
            if case .failure(.refused) = answer {
                // Somebody may have signed in again, or another courier refreshed it, since it was read.
                let again = await Result { () async throws(TokenFault) in try await signIn.load() }
                if case .success(let newer) = again, newer != token {
                    (used, answer) = (newer, await endpoint.refreshed(newer, clientID: clientID, scope: scope))
                }
            }
            guard case .success(let fresh) = answer, let next = fresh.refreshToken, next != used else { return answer }
            let saved = await Result { () async throws(TokenFault) in try await signIn.save(next) }
            return saved.map { fresh }
        }
    }

    private static let none = TokenAnswer(accessToken: "", expiresIn: 0)
}
