/// Somebody who says who people are, and what of it counts here.
///
/// For example:
///
///     name: company
///     issuer: https://login.example.com
///     clientID: report-gateway
///     clientSecretFile: /etc/report-gateway/client-secret
///     usernamePrefix: "company:"
///     groupsPrefix: "company:"
///     groups: [finance]
package struct IssuerSettings: Hashable, Sendable {
    /// For people who choose where to sign in, and in addresses.
    package var name: String
    /// Exactly as tokens say it in `iss`.
    package var issuer: String
    package var clientID: String?
    /// None where the client is a public one.
    package var clientSecretFile: String?
    package var scopes: [String] = ["openid", "profile", "email"]
    /// Of programs' tokens, one of which must be for one of these; the client's id unless said.
    package var audiences: [String] = []
    package var algorithms: [String] = ["RS256", "ES256"]
    package var usernameClaim = "sub"
    package var groupsClaim = "groups"
    package var usernamePrefix: String
    package var groupsPrefix: String
    /// The groups that count, as the issuer names them; all others are dropped.
    package var groups: [String] = []
    /// Whether an e-mail counts without `email_verified`.
    package var trustEmail = false
    /// PEM; the system's authorities unless said.
    package var caFile: String?
    /// Whether people sign in there; programs' tokens are taken in either case.
    package var signIn: Bool
    /// Whether the issuer may be reached by http on this machine's loopback: for tests.
    package var allowInsecure = false
    /// What was written and isn't a setting.
    package var unknownFields: [String] = []

    package init(
        name: String, issuer: String, clientID: String? = nil, usernamePrefix: String, groupsPrefix: String,
        groups: [String] = []
    ) {
        self.name = name
        self.issuer = issuer
        self.clientID = clientID
        self.usernamePrefix = usernamePrefix
        self.groupsPrefix = groupsPrefix
        self.groups = groups
        signIn = clientID != nil
    }

    /// Of which a program's token needs one.
    package var acceptedAudiences: [String] { audiences.isEmpty ? clientID.map { [$0] } ?? [] : audiences }
}

extension IssuerSettings: Decodable {
    private enum Field: String, CaseIterable, CodingKey {
        case name, issuer, clientID, clientSecretFile, scopes, audiences, algorithms, usernameClaim, groupsClaim
        case usernamePrefix, groupsPrefix, groups, trustEmail, caFile, signIn, allowInsecure
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Field.self)
        // What is missing is empty, so that check() can say it of all at once.
        self.init(
            name: try values.decodeIfPresent(String.self, forKey: .name) ?? "",
            issuer: try values.decodeIfPresent(String.self, forKey: .issuer) ?? "",
            clientID: try values.decodeIfPresent(String.self, forKey: .clientID),
            usernamePrefix: try values.decodeIfPresent(String.self, forKey: .usernamePrefix) ?? "",
            groupsPrefix: try values.decodeIfPresent(String.self, forKey: .groupsPrefix) ?? "",
            groups: try values.decodeIfPresent([String].self, forKey: .groups) ?? [])
        clientSecretFile = try values.decodeIfPresent(String.self, forKey: .clientSecretFile)
        scopes = try values.decodeIfPresent([String].self, forKey: .scopes) ?? scopes
        audiences = try values.decodeIfPresent([String].self, forKey: .audiences) ?? audiences
        algorithms = try values.decodeIfPresent([String].self, forKey: .algorithms) ?? algorithms
        usernameClaim = try values.decodeIfPresent(String.self, forKey: .usernameClaim) ?? usernameClaim
        groupsClaim = try values.decodeIfPresent(String.self, forKey: .groupsClaim) ?? groupsClaim
        trustEmail = try values.decodeIfPresent(Bool.self, forKey: .trustEmail) ?? trustEmail
        caFile = try values.decodeIfPresent(String.self, forKey: .caFile)
        signIn = try values.decodeIfPresent(Bool.self, forKey: .signIn) ?? signIn
        allowInsecure = try values.decodeIfPresent(Bool.self, forKey: .allowInsecure) ?? allowInsecure
        unknownFields = try UnknownFields.of(decoder, known: Field.allCases.map(\.rawValue))
    }
}

/// Names that aren't a setting's: what is misspelt would otherwise be left out in silence.
enum UnknownFields {
    private struct AnyField: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    static func of(_ decoder: any Decoder, known: [String]) throws -> [String] {
        try decoder.container(keyedBy: AnyField.self).allKeys.map(\.stringValue).filter { !known.contains($0) }.sorted()
    }
}
