package import AsyncSupport

/// Where a Redis server is, how to log in to it, and how long to wait for it.
package struct RedisConfiguration: Sendable {
    package enum Endpoint: Sendable, Equatable {
        /// A name, an IPv4 address, or an IPv6 address without brackets.
        case tcp(host: String, port: Int)
        /// The path of a Unix domain socket.
        case unix(path: String)
    }

    package var endpoint: Endpoint
    package var usesTLS = false
    /// The `default` user when nil.
    package var username: String?
    package var password: String?
    package var database = 0

    /// Whether the server's certificate must be valid and be its own. Off only for tests.
    package var verifiesCertificate = true
    /// A PEM file of certificates to trust instead of the system's.
    package var caFile: String?

    /// For the name's resolution, the connection, the TLS handshake and the login together.
    package var connectTimeout = Duration.seconds(5)
    /// From the call until the reply, where a call gives none of its own; waiting for a connection is part of it.
    package var commandTimeout = Duration.seconds(5)
    package var backoff = Backoff(first: .milliseconds(50), longest: .seconds(5))

    package init(endpoint: Endpoint) {
        self.endpoint = endpoint
    }

    /// The address for logs: never with user or password.
    package var sanitizedURL: String {
        switch endpoint {
        case .tcp(let host, let port):
            "\(usesTLS ? "rediss" : "redis")://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(database)"
        case .unix(let path):
            "unix://\(path)?db=\(database)"
        }
    }
}
