public import FoundationEssentials
public import NetworkAddresses

/// What holds for every request of one transport.
public struct HTTPTransportConfiguration: Sendable {
    /// The authorities to trust; `nil` means the system's.
    public var certificateAuthority: PEMSource?

    /// Whether the server's certificate and name are checked. Without it anyone can pose as the server.
    public var verifiesServer: Bool

    /// The name to ask for (SNI) and to verify, in place of the URL's host: kubeconfig's `tls-server-name`.
    public var serverName: String?

    /// The identity shown to servers that ask for one; a request can bring its own.
    public var clientIdentity: TLSClientIdentity?

    public var proxy: ProxySetting

    /// How many connections without a request are kept open for the next one.
    public var maxIdleConnections: Int

    /// Where connections may lead; a proxy's address counts in place of the server's.
    public var addressRule: AddressRule

    public init(
        certificateAuthority: PEMSource? = nil,
        verifiesServer: Bool = true,
        serverName: String? = nil,
        clientIdentity: TLSClientIdentity? = nil,
        proxy: ProxySetting = .environment,
        maxIdleConnections: Int = 8,
        addressRule: AddressRule = .any
    ) {
        self.certificateAuthority = certificateAuthority
        self.verifiesServer = verifiesServer
        self.serverName = serverName
        self.clientIdentity = clientIdentity
        self.proxy = proxy
        self.maxIdleConnections = maxIdleConnections
        self.addressRule = addressRule
    }
}

/// The certificate (with its chain) and private key that a client shows to the server, both PEM.
public struct TLSClientIdentity: Hashable, Sendable {
    public var certificate: PEMSource
    public var privateKey: PEMSource

    public init(certificate: PEMSource, privateKey: PEMSource) {
        self.certificate = certificate
        self.privateKey = privateKey
    }
}

/// Where PEM text is to be had: a path, read again for each new connection, or the text itself.
public enum PEMSource: Hashable, Sendable {
    case file(String)
    case data(Data)
}

/// Which proxy requests go through.
public enum ProxySetting: Hashable, Sendable {
    /// `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (or in lower case), read once when the transport is made.
    case environment
    /// None, whatever the environment says.
    case none
    /// This one for every request: `http://`, `https://` or `socks5://`; `NO_PROXY` does not apply.
    case url(String)
}
