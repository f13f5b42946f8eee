import FoundationEssentials
import HTTPTransport
import JSONReading

/// `ExecCredential` of `client.authentication.k8s.io`: what a credential plugin is told, and what it answers.
enum ExecCredential {
    /// The value of `KUBERNETES_EXEC_INFO`.
    static func question(for plugin: ExecPlugin, interactive: Bool) -> String {
        let cluster = plugin.clusterInfo.map { #","cluster":"# + String(decoding: $0, as: UTF8.self) } ?? ""
        return #"{"apiVersion":"\#(plugin.apiVersion.rawValue)","kind":"ExecCredential","#
            + #""spec":{"interactive":\#(interactive)\#(cluster)}}"#
    }

    /// Credentials and when they end; nil when the plugin doesn't say.
    struct Answer: Sendable {
        let credentials: Credentials
        let expiration: Date?
    }

    private struct Output: Decodable {
        struct Status: Decodable {
            var token: String?
            var clientCertificateData: String?
            var clientKeyData: String?
            var expirationTimestamp: String?
        }

        var apiVersion: String?
        var kind: String?
        var status: Status?
    }

    /// Reads what the plugin printed. Its text is never part of an error.
    static func answer(_ output: Data, of plugin: ExecPlugin) throws(CredentialError) -> Answer {
        guard let read = try? JSONReader().decode(Output.self, from: output) else {
            throw CredentialError(message: "\(plugin.command) printed no ExecCredential in JSON")
        }
        guard read.kind == "ExecCredential", read.apiVersion == plugin.apiVersion.rawValue else {
            throw CredentialError(
                message: """
                    \(plugin.command) answered with kind \(read.kind ?? "none") of \(read.apiVersion ?? "no version"), \
                    the configuration asks for ExecCredential of \(plugin.apiVersion.rawValue)
                    """)
        }
        guard let status = read.status else {
            throw CredentialError(message: "\(plugin.command) answered without a status")
        }
        var credentials = Credentials()
        if let token = status.token, !token.isEmpty { credentials = .bearer(Secret(token)) }
        switch (status.clientCertificateData ?? "", status.clientKeyData ?? "") {
        case ("", ""):
            if credentials.authorization == nil {
                throw CredentialError(message: "\(plugin.command) gave neither a token nor a certificate with its key")
            }
        case (_, ""), ("", _):
            throw CredentialError(message: "\(plugin.command) gave a certificate or a key, but not both")
        case (let certificate, let key):
            credentials.identity = TLSClientIdentity(
                certificate: .data(Data(certificate.utf8)), privateKey: .data(Data(key.utf8)))
        }
        return Answer(credentials: credentials, expiration: try expiration(status, of: plugin))
    }

    private static func expiration(_ status: Output.Status, of plugin: ExecPlugin) throws(CredentialError) -> Date? {
        guard let text = status.expirationTimestamp else { return nil }
        let style = Date.ISO8601FormatStyle()
        if let date = try? style.parse(text) { return date }
        if let date = try? style.time(includingFractionalSeconds: true).parse(text) { return date }
        throw CredentialError(message: "\(plugin.command) gave an expirationTimestamp that is not an RFC 3339 time")
    }
}
