package import FoundationEssentials

/// Who the caller is.
package struct MeView: Hashable, Sendable, JSONWritable {
    package enum Way: String, Sendable, CaseIterable {
        case session, token, kubernetes
    }

    /// As RBAC knows her.
    package var user: String
    package var name: String?
    package var email: String?
    package var groups: [String]
    package var via: Way
    package var sessionEnds: Date?
    package var csrfToken: String?
    package var namespaces: [NamespaceRights]

    package init(
        user: String, name: String? = nil, email: String? = nil, groups: [String] = [], via: Way,
        sessionEnds: Date? = nil, csrfToken: String? = nil, namespaces: [NamespaceRights]
    ) {
        self.user = user
        self.name = name
        self.email = email
        self.groups = groups
        self.via = via
        self.sessionEnds = sessionEnds
        self.csrfToken = csrfToken
        self.namespaces = namespaces
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("user", user)
            $0.member("name", name)
            $0.member("email", email)
            $0.member("groups", groups)
            $0.member("via", via.rawValue)
            $0.member("sessionEnds", sessionEnds)
            $0.member("csrfToken", csrfToken)
            $0.member("namespaces", namespaces)
        }
    }
}
