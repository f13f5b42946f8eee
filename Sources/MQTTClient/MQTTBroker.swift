package import FoundationEssentials
package import NetworkAddresses

/// A broker: where it is, and how we prove who we are.
package struct MQTTBroker: Hashable, Sendable {
    package struct TLS: Hashable, Sendable {
        /// To trust in place of the system's, in PEM.
        package var authorities: Data?
        /// Ours, in PEM: the certificate with those that it was issued by, and its key.
        package var certificate: Data?
        package var key: Data?

        package init(authorities: Data? = nil, certificate: Data? = nil, key: Data? = nil) {
            self.authorities = authorities
            self.certificate = certificate
            self.key = key
        }
    }

    /// A name or an address; the broker's certificate must have it.
    package var host: String
    package var port: Int
    /// Nil: clear text.
    package var tls: TLS?
    package var user: String?
    package var password: String?
    /// Which addresses it may have; asked of the one that is connected to.
    package var addressRule = AddressRule.any
    /// How long either side may be silent.
    package var keepAlive: Duration = .seconds(60)

    package init(host: String, port: Int, tls: TLS? = nil) {
        self.host = host
        self.port = port
        self.tls = tls
    }
}

extension MQTTBroker: CustomStringConvertible, CustomDebugStringConvertible {
    package var description: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }
    package var debugDescription: String { description }
}
