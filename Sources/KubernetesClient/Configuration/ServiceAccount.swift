import FoundationEssentials
import HTTPTransport

/// What the kubelet mounts into each pod that runs in a cluster.
enum ServiceAccount {
    static let folder = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// Why there is no service account to use; nil when there is one. `root` precedes the folder.
    static func problem(environment: [String: String], root: String) -> String? {
        guard isSet(environment["KUBERNETES_SERVICE_HOST"]), isSet(environment["KUBERNETES_SERVICE_PORT"]) else {
            return "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT aren't set"
        }
        let path = "\(root)\(folder)/token"
        return FileManager.default.isReadableFile(atPath: path) ? nil : "\(path) can't be read"
    }

    static func client(environment: [String: String], namespace: String?, root: String) -> ClientConfiguration {
        let host = environment["KUBERNETES_SERVICE_HOST"] ?? ""
        let port = environment["KUBERNETES_SERVICE_PORT"] ?? ""
        let folder = root + folder
        var configuration = ClientConfiguration(
            server: "https://\(host.contains(":") ? "[\(host)]" : host):\(port)",
            authentication: .tokenFile("\(folder)/token", initial: nil)
        )
        let own = FileManager.default.contents(atPath: "\(folder)/namespace")
            .map { String(decoding: $0, as: UTF8.self).trimmed }
        if let name = [namespace, environment["POD_NAMESPACE"], own].first(where: isSet) ?? nil {
            configuration.namespace = name
        }
        if FileManager.default.isReadableFile(atPath: "\(folder)/ca.crt") {
            configuration.certificateAuthority = .file("\(folder)/ca.crt")
        } else {
            configuration.warnings.append("\(folder)/ca.crt can't be read; the system's authorities are trusted")
        }
        return configuration
    }

    private static func isSet(_ text: String?) -> Bool { text?.isEmpty == false }
}
