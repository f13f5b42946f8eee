import FoundationEssentials
import HTTPTransport
import KubernetesModel

extension Kubeconfig {
    /// One cluster and how to call it in an error.
    struct ClusterPart {
        let name: String
        let entry: Entry<Cluster>

        func error(_ field: String, _ message: String) -> ConfigurationError {
            ConfigurationError(message, file: entry.file, field: self.field(field))
        }

        func field(_ name: String) -> String { "clusters[\(self.name)].cluster.\(name)" }

        /// The server's address without query, fragment and a slash at the end, but with its path.
        var server: String {
            get throws(ConfigurationError) {
                var text = (entry.value.server ?? "").trimmed
                if text.isEmpty { throw error("server", "The server's address is missing") }
                // As client-go: without a scheme it is https only where something is said of TLS.
                if !text.contains("://") { text = (hasTLS ? "https://" : "http://") + text }
                let kept = text.prefix { $0 != "?" && $0 != "#" }
                guard let end = kept.firstRange(of: "://")?.upperBound, end < kept.endIndex else {
                    throw error("server", "\(kept) isn't an address such as https://host:6443")
                }
                let scheme = kept[..<end].lowercased()
                guard scheme == "https://" || scheme == "http://" else {
                    throw error("server", "The scheme \(scheme.dropLast(3)) isn't known, only https and http are")
                }
                var rest = kept[end...]
                while rest.last == "/" { rest.removeLast() }
                guard let first = rest.first, first != "/", first != ":", !rest.contains(where: \.isWhitespace) else {
                    throw error("server", "\(kept) isn't an address such as https://host:6443")
                }
                return scheme + rest
            }
        }

        var proxy: ProxySetting {
            get throws(ConfigurationError) {
                guard let url = entry.value.proxyURL, !url.isEmpty else { return .environment }
                guard ["http://", "https://", "socks5://"].contains(where: url.lowercased().hasPrefix) else {
                    throw error("proxy-url", "Only http, https and socks5 proxies are known")
                }
                return .url(url)
            }
        }

        func applyTLS(to configuration: inout ClientConfiguration) throws(ConfigurationError) {
            configuration.certificateAuthority = try KubeconfigPEM.source(
                path: entry.value.certificateAuthority,
                data: entry.value.certificateAuthorityData,
                in: entry,
                field: field("certificate-authority")
            )
            if let name = entry.value.tlsServerName, !name.isEmpty { configuration.tlsServerName = name }
            guard entry.value.insecureSkipTLSVerify == true else { return }
            if configuration.certificateAuthority != nil {
                throw error(
                    "insecure-skip-tls-verify", "This and a certificate-authority are given, only one is allowed")
            }
            configuration.verifiesServer = false
        }

        /// The cluster as a credential plugin is told of it, an object in JSON.
        func execInfo(server: String) throws(ConfigurationError) -> Data {
            var authority: Data?
            switch try KubeconfigPEM.source(
                path: entry.value.certificateAuthority,
                data: entry.value.certificateAuthorityData,
                in: entry,
                field: field("certificate-authority")
            ) {
            case .data(let data): authority = data
            case .file(let path): authority = FileManager.default.contents(atPath: path)
            case nil: break
            }
            let config = entry.value.extensions?.first { $0.name == "client.authentication.k8s.io/exec" }
            let info = JSONValue.compact([
                "server": .string(server),
                "tls-server-name": entry.value.tlsServerName.map { .string($0) },
                "insecure-skip-tls-verify": entry.value.insecureSkipTLSVerify.map { .bool($0) },
                "certificate-authority-data": authority.map { .string($0.base64EncodedString()) },
                "proxy-url": entry.value.proxyURL.map { .string($0) },
                "disable-compression": entry.value.disableCompression.map { .bool($0) },
                "config": config?.extension ?? .null,
            ])
            do {
                return try JSONEncoder().encode(info)
            } catch {
                throw self.error("extensions", "This can't be written as JSON")
            }
        }

        private var hasTLS: Bool {
            let value = entry.value
            return value.insecureSkipTLSVerify == true
                || [value.certificateAuthority, value.certificateAuthorityData].contains { !($0 ?? "").isEmpty }
        }
    }
}
