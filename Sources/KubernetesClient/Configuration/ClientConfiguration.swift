public import HTTPTransport

/// How to reach an API server, and as which user.
///
/// `load` reads it from where kubectl would, or from the pod's service account.
public struct ClientConfiguration: Sendable {
    public enum Authentication: Hashable, Sendable {
        case none
        case token(Secret)
        /// A file that is read again within a minute, so that it can be rotated. `initial` serves until it can be read.
        case tokenFile(String, initial: Secret?)
        case basic(username: String, password: Secret)
        case exec(ExecPlugin)
    }

    /// The user that this client acts as.
    public struct Impersonation: Hashable, Sendable {
        public var user: String
        public var uid: String?
        public var groups: [String]
        public var extra: [String: [String]]

        public init(user: String, uid: String? = nil, groups: [String] = [], extra: [String: [String]] = [:]) {
            self.user = user
            self.uid = uid
            self.groups = groups
            self.extra = extra
        }
    }

    /// Scheme, host, port and perhaps a path prefix, without a slash at the end.
    public var server: String
    /// The namespace of the context, else `default`.
    public var namespace: String
    /// The authorities to trust; nil for the system's.
    public var certificateAuthority: PEMSource?
    public var verifiesServer = true
    /// The name to ask for and to verify in place of the server's host.
    public var tlsServerName: String?
    public var clientIdentity: TLSClientIdentity?
    public var authentication: Authentication
    public var impersonation: Impersonation?
    public var proxy: ProxySetting = .environment
    public var disableCompression = false
    /// The kubeconfig's context; nil inside a cluster.
    public var contextName: String?
    /// What the kubeconfig calls the context's user; nil inside a cluster, or where it names none.
    public var userName: String?
    /// What was odd but not wrong, for the log.
    public var warnings: [String] = []

    public init(server: String, namespace: String = "default", authentication: Authentication = .none) {
        self.server = server
        self.namespace = namespace
        self.authentication = authentication
    }
}

/// A configuration that can't be used: where, which field, and what would be allowed.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, with line and column where they are known; nil when no single file is at fault.
    public let file: String?
    /// The field's path in it, such as `users[admin].user.client-key`.
    public let field: String?
    public let message: String

    public init(_ message: String, file: String? = nil, field: String? = nil) {
        self.message = message
        self.file = file
        self.field = field
    }

    public var description: String {
        [file, field, message].compactMap { $0 }.joined(separator: ": ")
    }
}
