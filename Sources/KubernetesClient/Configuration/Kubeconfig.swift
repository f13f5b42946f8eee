import KubernetesModel

/// `v1.Config` of kubectl's configuration files, as far as it is used.
struct Kubeconfig: Sendable {
    /// A named entry and the file that it came from.
    struct Entry<Value: Sendable>: Sendable {
        var value: Value
        var file: String
    }

    struct Cluster: Decodable, Sendable {
        var server: String?
        var certificateAuthority: String?
        var certificateAuthorityData: String?
        var insecureSkipTLSVerify: Bool?
        var tlsServerName: String?
        var proxyURL: String?
        var disableCompression: Bool?
        var extensions: [Extension]?

        enum CodingKeys: String, CodingKey {
            case server, extensions
            case certificateAuthority = "certificate-authority"
            case certificateAuthorityData = "certificate-authority-data"
            case insecureSkipTLSVerify = "insecure-skip-tls-verify"
            case tlsServerName = "tls-server-name"
            case proxyURL = "proxy-url"
            case disableCompression = "disable-compression"
        }
    }

    struct Extension: Decodable, Sendable {
        var name: String
        var `extension`: JSONValue?
    }

    struct User: Decodable, Sendable {
        var clientCertificate: String?
        var clientCertificateData: String?
        var clientKey: String?
        var clientKeyData: String?
        var token: String?
        var tokenFile: String?
        var username: String?
        var password: String?
        var impersonate: String?
        var impersonateUID: String?
        var impersonateGroups: [String]?
        var impersonateUserExtra: [String: [String]]?
        var exec: Exec?
        var authProvider: JSONValue?

        enum CodingKeys: String, CodingKey {
            case token, tokenFile, username, password, exec
            case clientCertificate = "client-certificate"
            case clientCertificateData = "client-certificate-data"
            case clientKey = "client-key"
            case clientKeyData = "client-key-data"
            case impersonate = "as"
            case impersonateUID = "as-uid"
            case impersonateGroups = "as-groups"
            case impersonateUserExtra = "as-user-extra"
            case authProvider = "auth-provider"
        }
    }

    struct Exec: Decodable, Sendable {
        struct Variable: Decodable, Sendable {
            var name: String?
            var value: String?
        }

        var command: String?
        var args: [String]?
        var env: [Variable]?
        var apiVersion: String?
        var installHint: String?
        var interactiveMode: String?
        var provideClusterInfo: Bool?
    }

    struct Context: Decodable, Sendable {
        var cluster: String?
        var user: String?
        var namespace: String?
    }

    var currentContext: String?
    var clusters: [String: Entry<Cluster>] = [:]
    var users: [String: Entry<User>] = [:]
    var contexts: [String: Entry<Context>] = [:]

    var isEmpty: Bool { (currentContext ?? "").isEmpty && clusters.isEmpty && users.isEmpty && contexts.isEmpty }

    /// Adds what isn't there yet: a name that an earlier file has keeps its whole entry.
    mutating func merge(_ later: Kubeconfig) {
        if (currentContext ?? "").isEmpty { currentContext = later.currentContext }
        clusters.merge(later.clusters) { earlier, _ in earlier }
        users.merge(later.users) { earlier, _ in earlier }
        contexts.merge(later.contexts) { earlier, _ in earlier }
    }
}
