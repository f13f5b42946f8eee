package import HTTPTransport

/// How to reach an API server, and as whom.
///
/// `load` reads it from where kubectl would, or from the pod's service account.
package struct ClientConfiguration: Sendable {
    package enum Authentication: Hashable, Sendable {
        case none
        case token(Secret)
        /// A file that is read again within a minute, so that it can be rotated. `initial` serves until it can be read.
        case tokenFile(String, initial: Secret?)
        case basic(username: String, password: Secret)
        case exec(ExecPlugin)
    }

    /// Whom the server should take this client for.
    package struct Impersonation: Hashable, Sendable {
        package var user: String
        package var uid: String?
        package var groups: [String]
        package var extra: [String: [String]]

        package init(user: String, uid: String? = nil, groups: [String] = [], extra: [String: [String]] = [:]) {
            self.user = user
            self.uid = uid
            self.groups = groups
            self.extra = extra
        }
    }

    /// Scheme, host, port and perhaps a path prefix, without a slash at the end.
    package var server: String
    /// The namespace of the context, else `default`.
    package var namespace: String
    /// Whom to trust; nil for the system's authorities.
    package var certificateAuthority: PEMSource?
    package var verifiesServer = true
    /// The name to ask for and to verify in place of the server's host.
    package var tlsServerName: String?
    package var clientIdentity: TLSClientIdentity?
    package var authentication: Authentication
    package var impersonation: Impersonation?
    package var proxy: ProxySetting = .environment
    package var disableCompression = false
    /// The kubeconfig's context; nil inside a cluster.
    package var contextName: String?
    /// What the kubeconfig calls the context's user; nil inside a cluster, or where it names none.
    package var userName: String?
    /// What was odd but not wrong, for the log.
    package var warnings: [String] = []

    package init(server: String, namespace: String = "default", authentication: Authentication = .none) {
        self.server = server
        self.namespace = namespace
        self.authentication = authentication
    }
}

/// A configuration that can't be used: where, which field, and what would be allowed.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, with line and column where they are known; nil when no single file is at fault.
    package let file: String?
    /// The field's path in it, such as `users[admin].user.client-key`.
    package let field: String?
    package let message: String

    package init(_ message: String, file: String? = nil, field: String? = nil) {
        self.message = message
        self.file = file
        self.field = field
    }

    package var description: String {
        [file, field, message].compactMap { $0 }.joined(separator: ": ")
    }
}
