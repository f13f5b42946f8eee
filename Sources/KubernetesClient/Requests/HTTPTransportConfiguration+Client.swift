import HTTPTransport
import NetworkAddresses

extension HTTPTransportConfiguration {
    init(_ configuration: ClientConfiguration) {
        self.init(
            certificateAuthority: configuration.certificateAuthority,
            verifiesServer: configuration.verifiesServer,
            serverName: configuration.tlsServerName,
            clientIdentity: configuration.clientIdentity,
            proxy: configuration.proxy
        )
    }
}

extension ClientConfiguration.Impersonation {
    /// `Impersonate-*`. The keys of `extra` become part of a header's name, so what isn't allowed there is escaped.
    var headers: [(String, String)] {
        var headers = [("Impersonate-User", user)]
        if let uid { headers.append(("Impersonate-Uid", uid)) }
        headers += groups.map { ("Impersonate-Group", $0) }
        for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
            headers += values.map { ("Impersonate-Extra-\(PercentEncoding.component(key))", $0) }
        }
        return headers
    }
}
