import FoundationEssentials
import KubernetesModel

/// Who somebody is by the word of her issuer, in the names that count here.
struct Person: Hashable, Sendable {
    let user: String
    let groups: [String]
    let email: String?
    let displayName: String?
    /// When the token ends that says so.
    let expiry: Date?

    init(_ claims: TokenClaims, settings: IssuerSettings) throws(TokenRefusal) {
        let email = claims.isEmailVerified || settings.trustEmail ? claims.email : nil
        self.email = email.flatMap { ImpersonationRule.isEmail($0) ? $0 : nil }
        // An e-mail is a name only where it is one by the same rule.
        let name = settings.usernameClaim == "email" ? self.email : claims.text(settings.usernameClaim)
        guard let name, !name.isEmpty else {
            let remedy = settings.usernameClaim == "email" ? ", or it is not verified" : ""
            throw TokenRefusal(.identity, "the token has no name for its user in the configured claim\(remedy)")
        }
        user = settings.usernamePrefix + name
        // Listed ones only, in the settings' order: a token with a thousand groups must fit into a cookie.
        let said = Set(claims.texts(settings.groupsClaim).map { Array($0.utf8) })
        groups = settings.groups.filter { said.contains(Array($0.utf8)) }.map { settings.groupsPrefix + $0 }
        displayName = claims.name.flatMap(Self.display)
        expiry = if case .at(let date) = claims.expiry { date } else { nil }
    }

    /// What of it can be seen, at most 200 bytes: it has to fit into a cookie.
    private static func display(_ name: String) -> String? {
        let shown = name.unicodeScalars.filter {
            $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
        }
        return shown.isEmpty ? nil : String(shown).head(bytes: 200)
    }

    func caller(_ evidence: Caller.Evidence) -> Caller {
        Caller(
            user: user, groups: groups, email: email, displayName: displayName, evidence: evidence, expiresAt: expiry)
    }
}
