package import NetworkAddresses

/// A server that takes mail for others: where it is, and how we prove who we are.
package struct MailServer: Hashable, Sendable {
    package enum Security: Hashable, Sendable {
        /// TLS from the first byte (`smtps://`).
        case implicitTLS
        /// STARTTLS, without which nothing is said (`smtp://`).
        case startTLS
        /// Clear text: no channel can ask for it.
        case none
    }

    /// A certificate or key in PEM.
    package enum PEM: Hashable, Sendable {
        case file(String)
        case bytes([UInt8])
    }

    package struct ClientCertificate: Hashable, Sendable {
        package var certificate: PEM
        package var privateKey: PEM

        package init(certificate: PEM, privateKey: PEM) {
            self.certificate = certificate
            self.privateKey = privateKey
        }
    }

    package enum Credentials: Hashable, Sendable {
        case password(user: String, password: String)
        /// An access token of OAuth 2.0, by XOAUTH2.
        case bearer(user: String, token: String)
    }

    /// Why a text names no server.
    package enum Fault: Error, Hashable, Sendable {
        case scheme
        case host
        case port
        case more
    }

    package var host: String
    package var port: Int
    package var security: Security
    /// Authorities to trust in place of the system's.
    package var authorities: PEM?
    package var clientCertificate: ClientCertificate?
    /// Which addresses it may have; asked of the one that is connected to.
    package var addressRule = AddressRule.any

    package init(host: String, port: Int, security: Security) {
        self.host = host
        self.port = port
        self.security = security
    }

    /// Reads `smtps://smtp.example.com:465` and `smtp://smtp.example.com:587`, with these ports where none is named.
    package init(_ url: String) throws(Fault) {
        let rest: Substring
        if url.hasPrefix("smtps://") {
            (security, port, rest) = (.implicitTLS, 465, url.dropFirst(8))
        } else if url.hasPrefix("smtp://") {
            (security, port, rest) = (.startTLS, 587, url.dropFirst(7))
        } else {
            throw .scheme
        }
        let authority = rest.hasSuffix("/") ? rest.dropLast() : rest
        guard !authority.contains(where: { "/?#@ ".contains($0) }) else { throw .more }
        var name = authority
        if let colon = authority.lastIndex(of: ":"), !authority.hasSuffix("]") {
            name = authority[..<colon]
            let digits = authority[authority.index(after: colon)...]
            guard digits.allSatisfy(\.isNumber), let number = Int(digits), (1...65535).contains(number) else {
                throw .port
            }
            port = number
        }
        guard Self.isHost(name) else { throw .host }
        host = String(name)
    }

    private static func isHost(_ name: Substring) -> Bool {
        if name.hasPrefix("["), name.hasSuffix("]") {
            return name.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        return !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D || byte == 0x2E
            }
    }

    var url: String { "\(security == .implicitTLS ? "smtps" : "smtp")://\(host):\(port)" }
}

extension MailServer.Fault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .scheme: "must begin with smtps:// (TLS) or smtp:// (STARTTLS)"
        case .host: "must name a host in ASCII after ://"
        case .port: "must have a port from 1 to 65535 behind the colon"
        case .more: "must hold host and port alone; user and password belong in the channel's Secret"
        }
    }
}
