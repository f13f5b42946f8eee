package import FoundationEssentials

/// Somebody who asks something of us, as Kubernetes knows her.
package struct Caller: Hashable, Sendable {
    /// How we know who she is.
    package enum Evidence: Hashable, Sendable {
        /// A session that began with a sign-in.
        case session
        /// A token of an issuer that we trust.
        case token
        /// A token of Kubernetes' own, which is passed on.
        case kubernetes(KubernetesToken)
    }

    /// The user's name with the issuer's prefix, as RBAC knows it, such as `reports:ada@example.com`.
    package let user: String
    /// With the issuer's prefix; only those that the configuration lists.
    package let groups: [String]
    /// Only one that the issuer has verified, or vouches for.
    package let email: String?
    /// For people to read; never a reason for a right.
    package let displayName: String?
    /// What else Kubernetes says of her; only of its own tokens.
    package let extra: [String: [String]]
    package let evidence: Evidence
    /// When what she has shown ends; nil where that isn't known.
    package let expiresAt: Date?

    package init(
        user: String, groups: [String] = [], email: String? = nil, displayName: String? = nil,
        extra: [String: [String]] = [:], evidence: Evidence, expiresAt: Date? = nil
    ) {
        self.user = user
        self.groups = groups
        self.email = email
        self.displayName = displayName
        self.extra = extra
        self.evidence = evidence
        self.expiresAt = expiresAt
    }
}

/// A credential that no log and no message shows.
package struct KubernetesToken: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    package let value: String

    package init(_ value: String) { self.value = value }

    package var description: String { "(token)" }
    package var debugDescription: String { description }
}
