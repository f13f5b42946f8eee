package import FoundationEssentials

/// What a channel's Secrets hold, by key; never shown.
package struct ChannelSecrets: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// Of `credentials.secretRef`; nil where the channel names none.
    package var credentials: [String: Data]?
    /// `ca.crt` of `tls.caSecretRef`.
    package var authorities: Data?
    /// `tls.crt` and `tls.key` of `tls.clientCertificateSecretRef`.
    package var clientCertificate: Data?
    package var clientKey: Data?

    package init(credentials: [String: Data]? = nil) { self.credentials = credentials }

    /// A credential as text, without a line's end behind it, as editors leave one.
    package func text(_ key: String) -> String? {
        guard let data = credentials?[key] else { return nil }
        var text = String(decoding: data, as: UTF8.self)
        while text.utf8.last == 0x0A || text.utf8.last == 0x0D { text.unicodeScalars.removeLast() }
        return text.isEmpty ? nil : text
    }

    package var description: String { "(secrets)" }
    package var debugDescription: String { description }
}

/// Why a channel can't be set up, naming the Secret's key or the field and what is allowed.
package struct ChannelFault: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
