package import FoundationEssentials
package import NetworkAddresses

/// What holds for every request of one transport.
package struct HTTPTransportConfiguration: Sendable {
    /// Whom to trust; `nil` means the system's authorities.
    package var certificateAuthority: PEMSource?

    /// Whether the server's certificate and name are checked. Without it anyone can pose as the server.
    package var verifiesServer: Bool

    /// The name to ask for (SNI) and to verify, in place of the URL's host: kubeconfig's `tls-server-name`.
    package var serverName: String?

    /// The identity shown to servers that ask for one; a request can bring its own.
    package var clientIdentity: TLSClientIdentity?

    package var proxy: ProxySetting

    /// How many connections without a request are kept open for the next one.
    package var maxIdleConnections: Int

    /// Where connections may lead; a proxy's address counts in place of the server's.
    package var addressRule: AddressRule

    package init(
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
package struct TLSClientIdentity: Hashable, Sendable {
    package var certificate: PEMSource
    package var privateKey: PEMSource

    package init(certificate: PEMSource, privateKey: PEMSource) {
        self.certificate = certificate
        self.privateKey = privateKey
    }
}

/// Where PEM text is to be had: a path, read again for each new connection, or the text itself.
package enum PEMSource: Hashable, Sendable {
    case file(String)
    case data(Data)
}

/// Which proxy requests go through.
package enum ProxySetting: Hashable, Sendable {
    /// `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` (or in lower case), read once when the transport is made.
    case environment
    /// None, whatever the environment says.
    case none
    /// This one for every request: `http://`, `https://` or `socks5://`; `NO_PROXY` does not apply.
    case url(String)
}
