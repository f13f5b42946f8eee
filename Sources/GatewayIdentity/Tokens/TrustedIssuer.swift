package import AsyncSupport
import FoundationEssentials
import HTTPTransport
import JWTKit
package import Logging

/// An issuer with what is known of it over the network.
package struct TrustedIssuer: Sendable {
    package let settings: IssuerSettings
    package let keys: KeySet
    let transport: HTTPTransport

    enum Proof: Sendable {
        case proved
        case refused(TokenRefusal)
        case unavailable(String)
    }

    /// Nothing is fetched before it is needed.
    package init(_ settings: IssuerSettings, clock: RuntimeClock = .continuous, logger: Logger) {
        var configuration = HTTPTransportConfiguration()
        configuration.certificateAuthority = settings.caFile.map { .file($0) }
        transport = HTTPTransport(configuration: configuration, logger: logger)
        self.settings = settings
        keys = KeySet(settings, transport: transport, clock: clock, logger: logger)
    }

    /// Whether the signature is one of this issuer's.
    func proof(of token: TokenText) async -> Proof {
        guard !token.hasExtensions else {
            return .refused(TokenRefusal(.malformed, "the token asks for an extension that is not known here (crit)"))
        }
        guard settings.algorithms.contains(token.algorithm) else {
            return .refused(TokenRefusal(.algorithm, "the token is signed by an algorithm that is not accepted (alg)"))
        }
        switch await keys.keys(id: token.keyID, algorithm: token.algorithm) {
        case .keys(let keys):
            let isRight = keys.contains { key in (try? key.verify(token.signature, signs: token.signed)) ?? false }
            return isRight ? .proved : .refused(TokenRefusal(.signature, "the token's signature is not right"))
        case .unknown:
            return .refused(TokenRefusal(.unknownKey, "the token is signed by none of its issuer's keys (kid, alg)"))
        case .unavailable(let words): return .unavailable(words)
        }
    }
}
