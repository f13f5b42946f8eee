package import AsyncSupport
package import FoundationEssentials
internal import JWTKit
internal import KubernetesModel
package import Logging

/// What a bearer token came to.
package enum TokenVerdict: Hashable, Sendable {
    case caller(Caller)
    /// No token of a configured issuer; Kubernetes may know it.
    case notOurs
    /// Why, in words that repeat nothing of the token: for a 401.
    case refused(String)
    /// Its issuer can't be asked for keys, and none are kept: for a 503.
    case unavailable(String)
}

/// Says who somebody is by the token that she shows.
///
/// For example:
///
///     let verifier = TokenVerifier(settings: settings, logger: logger)
///     switch await verifier.caller(of: token) { … }
package final class TokenVerifier: Sendable {
    private struct Issuer: Sendable {
        let provider: Provider
        let keys: KeySource
    }

    private let issuers: [Issuer]
    private let now: @Sendable () -> Date

    /// `clock` tells how old keys are, `now` what tokens are compared with.
    package init(
        settings: IdentitySettings, logger: Logger, clock: RuntimeClock = .continuous,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        issuers = settings.issuers.map { issuer in
            let provider = Provider(settings: issuer, allowInsecure: settings.allowInsecure, logger: logger)
            return Issuer(provider: provider, keys: KeySource(provider: provider, clock: clock, logger: logger))
        }
        self.now = now
    }

    /// The one that is called so; nil for one that isn't configured.
    package func provider(named name: String) -> Provider? { issuer { $0.name.isSame(as: name) }?.provider }

    /// Where people sign in and out at that provider.
    package func document(of settings: IssuerSettings) async throws(ProviderTrouble) -> ProviderDocument {
        guard let issuer = issuer({ $0.issuer.isSame(as: settings.issuer) }) else {
            throw ProviderTrouble("\(settings.issuer) isn't configured")
        }
        return try await issuer.keys.document()
    }

    /// Who shows this token.
    package func caller(of token: String, evidence: Caller.Evidence = .token) async -> TokenVerdict {
        guard token.utf8.count <= TokenText.longest else {
            return .refused("The token is longer than \(TokenText.longest) bytes")
        }
        guard let text = TokenText(token), let name = text.claims["iss"]?.string,
            let issuer = issuer({ $0.issuer.isSame(as: name) })
        else { return .notOurs }
        let result = await Result { () async throws(TokenRefusal) in
            let reading = try await reading(of: text, from: issuer)
            let end = try reading.checkedEnd(audiences: reading.settings.audiences)
            return try reading.caller(evidence: evidence, expiresAt: end)
        }
        return switch result {
        case .success(let caller): .caller(caller)
        case .failure(.refused(let words)): .refused(words)
        case .failure(.unavailable(let words)): .unavailable(words)
        }
    }

    /// Who signed in, by the ID token that the provider gave for it (OpenID Connect Core 1.0, 3.1.3.7).
    ///
    /// `nonce`: the one that the sign-in began with. A token that was refreshed needn't have one: nil then, and the
    /// caller must be compared with who she was.
    package func verifiedIDToken(
        _ token: String, issuer settings: IssuerSettings, nonce: String?
    ) async throws(TokenRefusal) -> Caller {
        guard let clientID = settings.clientID, let issuer = issuer({ $0 == settings }) else {
            throw .refused("Nobody can sign in at this issuer")
        }
        guard let text = TokenText(token), text.claims["iss"]?.string?.isSame(as: settings.issuer) == true else {
            throw .refused("The ID token isn't one of its issuer's")
        }
        let reading = try await reading(of: text, from: issuer)
        let end = try reading.checkedEnd(audiences: [clientID])
        if let party = reading.claims.text("azp"), !party.isSame(as: clientID) {
            throw .refused("The ID token is for somebody else (azp)")
        }
        if let nonce, reading.claims.text("nonce")?.isSame(as: nonce) != true {
            throw .refused("The ID token is of another sign-in (nonce)")
        }
        return try reading.caller(evidence: .session, expiresAt: end)
    }

    private func issuer(_ isIt: (IssuerSettings) -> Bool) -> Issuer? { issuers.first { isIt($0.provider.settings) } }

    /// Its claims, once its signature is checked.
    private func reading(of text: TokenText, from issuer: Issuer) async throws(TokenRefusal) -> CallerReading {
        let settings = issuer.provider.settings
        let algorithm = text.header.alg
        // Before any key is looked at: what a token may not be signed with, no key checks.
        guard settings.algorithms.contains(algorithm), IssuerSettings.knownAlgorithms.contains(algorithm) else {
            throw .refused(
                "The token's algorithm isn't one of its issuer's: \(settings.algorithms.joined(separator: ", "))")
        }
        guard text.header.crit == nil else { throw .refused("The token asks for an extension that isn't known (crit)") }
        guard let identifier = text.header.kid, !identifier.isEmpty else {
            throw .refused("The token doesn't name its key (kid)")
        }
        let keys = await Result { () async throws(ProviderTrouble) in try await issuer.keys.keys(knowing: identifier) }
        guard case .success(let keys) = keys else {
            throw .unavailable("The issuer \(settings.name) can't be asked for its keys now")
        }
        guard keys.knows(identifier) else { throw .refused("The token's key isn't one of its issuer's") }
        let isSigned = keys.keys(identifier, for: algorithm).contains { key in
            (try? key.verify(text.signature, signs: text.signed)) == true
        }
        guard isSigned else { throw .refused("The token's signature is wrong") }
        return CallerReading(claims: TokenClaims(values: text.claims), settings: settings, now: now())
    }
}
