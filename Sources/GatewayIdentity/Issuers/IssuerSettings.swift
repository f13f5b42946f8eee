/// One provider of identities, and how its people and groups are called in Kubernetes.
package struct IssuerSettings: Codable, Hashable, Sendable {
    /// What people choose it by, such as `company`.
    package var name: String
    /// Its URL, exactly as its tokens have it in `iss`.
    package var issuer: String
    /// Ours at the provider; only with one can people sign in.
    package var clientID: String?
    /// Holds the client's secret; nil for a public client.
    package var clientSecretFile: String?
    /// What is asked for at sign-in.
    package var scopes: [String]
    /// A program's token must be for one of these.
    package var audiences: [String]
    /// With which its tokens may be signed.
    package var algorithms: [String]
    package var usernameClaim: String
    package var groupsClaim: String
    /// Before every user's name.
    package var usernamePrefix: String
    /// Before every group's name.
    package var groupsPrefix: String
    /// Those that pass, with their prefix; others are dropped.
    package var groups: [String]
    /// Whether its e-mail addresses count without `email_verified`.
    package var trustEmail: Bool
    /// Whom to trust for TLS, PEM; nil for the system's authorities.
    package var caFile: String?
    /// Whether people may sign in here.
    package var signIn: Bool

    package init(
        name: String, issuer: String, clientID: String? = nil, clientSecretFile: String? = nil,
        scopes: [String] = Self.defaultScopes, audiences: [String], algorithms: [String] = Self.defaultAlgorithms,
        usernameClaim: String = "sub", groupsClaim: String = "groups", usernamePrefix: String, groupsPrefix: String,
        groups: [String] = [], trustEmail: Bool = false, caFile: String? = nil, signIn: Bool? = nil
    ) {
        self.name = name
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecretFile = clientSecretFile
        self.scopes = scopes
        self.audiences = audiences
        self.algorithms = algorithms
        self.usernameClaim = usernameClaim
        self.groupsClaim = groupsClaim
        self.usernamePrefix = usernamePrefix
        self.groupsPrefix = groupsPrefix
        self.groups = groups
        self.trustEmail = trustEmail
        self.caFile = caFile
        self.signIn = signIn ?? (clientID != nil)
    }

    package static let defaultScopes = ["openid", "profile", "email"]
    package static let defaultAlgorithms = ["RS256", "ES256"]
    /// Those with a public key, which no holder of that key can sign with.
    package static let knownAlgorithms = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    ]
}

extension IssuerSettings {
    /// What is left out has its default; what has none is empty, for `faults` to name.
    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String? { try fields.decodeIfPresent(String.self, forKey: key) }
        func list(_ key: CodingKeys) throws -> [String]? { try fields.decodeIfPresent([String].self, forKey: key) }
        self.init(
            name: try text(.name) ?? "", issuer: try text(.issuer) ?? "", clientID: try text(.clientID),
            clientSecretFile: try text(.clientSecretFile), scopes: try list(.scopes) ?? Self.defaultScopes,
            audiences: try list(.audiences) ?? [], algorithms: try list(.algorithms) ?? Self.defaultAlgorithms,
            usernameClaim: try text(.usernameClaim) ?? "sub", groupsClaim: try text(.groupsClaim) ?? "groups",
            usernamePrefix: try text(.usernamePrefix) ?? "", groupsPrefix: try text(.groupsPrefix) ?? "",
            groups: try list(.groups) ?? [],
            trustEmail: try fields.decodeIfPresent(Bool.self, forKey: .trustEmail) ?? false,
            caFile: try text(.caFile), signIn: try fields.decodeIfPresent(Bool.self, forKey: .signIn))
    }
}

/// Whom we trust to say who somebody is.
package struct IdentitySettings: Codable, Hashable, Sendable {
    package var issuers: [IssuerSettings]
    /// Whether a provider on this very machine may speak plain http; for trials.
    package var allowInsecure: Bool

    package init(issuers: [IssuerSettings], allowInsecure: Bool = false) {
        self.issuers = issuers
        self.allowInsecure = allowInsecure
    }

    package init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        issuers = try fields.decodeIfPresent([IssuerSettings].self, forKey: .issuers) ?? []
        allowInsecure = try fields.decodeIfPresent(Bool.self, forKey: .allowInsecure) ?? false
    }
}
