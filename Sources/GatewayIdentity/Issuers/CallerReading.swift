internal import FoundationEssentials
internal import KubernetesModel

/// Why a token names nobody. The words repeat nothing that the token has.
package enum TokenRefusal: Error, Hashable, Sendable {
    /// The token's own fault, as a sentence without a full stop.
    case refused(String)
    /// Its issuer can't be asked for its keys; another time it may be good.
    case unavailable(String)
}

/// From a token's claims, its signature checked, to a caller.
struct CallerReading: Sendable {
    /// How far clocks may be apart, in seconds.
    static let leeway = 60.0

    let claims: TokenClaims
    let settings: IssuerSettings
    let now: Date

    /// When it ends; it is neither over nor still to come, and for one of `audiences`.
    func checkedEnd(audiences: [String]) throws(TokenRefusal) -> Date {
        guard let end = claims.date("exp") else { throw .refused("The token doesn't say when it ends (exp)") }
        guard now < end.addingTimeInterval(Self.leeway) else { throw .refused("The token has expired") }
        for (name, words) in [("nbf", "isn't valid yet"), ("iat", "was issued in the future")] where claims.has(name) {
            guard let start = claims.date(name) else { throw .refused("The token's \(name) isn't a time") }
            guard start <= now.addingTimeInterval(Self.leeway) else { throw .refused("The token \(words)") }
        }
        let own = claims.audiences
        guard audiences.contains(where: { audience in own.contains { $0.isSame(as: audience) } }) else {
            throw .refused("The token is for somebody else (aud)")
        }
        return end
    }

    func caller(evidence: Caller.Evidence, expiresAt: Date) throws(TokenRefusal) -> Caller {
        let email = claims.email(trusted: settings.trustEmail)
        // An address as a name is taken as carefully as one beside it.
        let claim = settings.usernameClaim == "email" ? email : claims.text(settings.usernameClaim)
        guard let claim, !claim.isEmpty else {
            throw .refused("The token doesn't say who this is (\(settings.usernameClaim))")
        }
        let user = settings.usernamePrefix + claim
        let groups = groups()
        if let fault = ImpersonationRule.fault(user: user, groups: groups, settings: settings) { throw .refused(fault) }
        return Caller(
            user: user, groups: groups, email: email, displayName: claims.displayName, evidence: evidence,
            expiresAt: expiresAt)
    }

    /// Those that the settings list, in the settings' order.
    private func groups() -> [String] {
        let own = claims.list(settings.groupsClaim).map { settings.groupsPrefix + $0 }
        return settings.groups.filter { group in own.contains { $0.isSame(as: group) } }
    }
}
