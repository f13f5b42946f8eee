import FoundationEssentials
import HTTPTransport

extension Kubeconfig {
    /// The configuration of one context, checked. What is wrong with the others doesn't matter.
    func client(
        context override: String?, namespace: String?, environment: [String: String]
    ) throws(ConfigurationError) -> ClientConfiguration {
        let name = override ?? currentContext ?? ""
        guard !name.isEmpty else {
            throw ConfigurationError(
                "No context is chosen: set current-context or name one of \(Self.names(contexts.keys))")
        }
        guard let context = contexts[name] else {
            throw ConfigurationError("There is no context \(name), only \(Self.names(contexts.keys))")
        }
        let clusterName = context.value.cluster ?? ""
        guard let cluster = clusters[clusterName] else {
            throw ConfigurationError(
                clusterName.isEmpty
                    ? "The context names no cluster"
                    : "There is no cluster \(clusterName), only \(Self.names(clusters.keys))",
                file: context.file,
                field: "contexts[\(name)].context.cluster"
            )
        }
        let userName = context.value.user ?? ""
        let user = users[userName] ?? Entry(value: User(), file: context.file)
        guard userName.isEmpty || users[userName] != nil else {
            throw ConfigurationError(
                "There is no user \(userName), only \(Self.names(users.keys))",
                file: context.file,
                field: "contexts[\(name)].context.user"
            )
        }
        let clusterPart = ClusterPart(name: clusterName, entry: cluster)
        let userPart = UserPart(name: userName, entry: user)
        try userPart.validate()

        var configuration = ClientConfiguration(server: try clusterPart.server)
        configuration.contextName = name
        configuration.userName = userName.isEmpty ? nil : userName
        if let namespace = namespace ?? context.value.namespace, !namespace.isEmpty {
            configuration.namespace = namespace
        }
        configuration.impersonation = userPart.impersonation
        configuration.disableCompression = cluster.value.disableCompression ?? false
        configuration.proxy = try clusterPart.proxy
        try clusterPart.applyTLS(to: &configuration)
        // Nothing secret goes over a connection that anyone can read.
        guard configuration.server.hasPrefix("https:") else {
            configuration.certificateAuthority = nil
            return configuration
        }
        configuration.clientIdentity = try userPart.identity
        configuration.authentication = try userPart.authentication(environment: environment, cluster: clusterPart)
        return configuration
    }

    private static func names(_ names: some Collection<String>) -> String {
        names.isEmpty ? "none" : names.sorted().joined(separator: ", ")
    }
}

/// What a field of a name and its `-data` form say.
enum KubeconfigPEM {
    /// The text or the path of a certificate or key, of which only one form may be there.
    static func source<Value>(
        path: String?, data: String?, in entry: Kubeconfig.Entry<Value>, field: String
    ) throws(ConfigurationError) -> PEMSource? {
        let (path, data) = (path ?? "", data ?? "")
        if !path.isEmpty && !data.isEmpty {
            throw ConfigurationError(
                "Both the file and the -data form are given, only one is allowed", file: entry.file, field: field)
        }
        if !data.isEmpty {
            let text = data.filter { !$0.isNewline }
            guard let decoded = Data(base64Encoded: text), !decoded.isEmpty else {
                throw ConfigurationError("This must be PEM text in base64", file: entry.file, field: field + "-data")
            }
            return .data(decoded)
        }
        if path.isEmpty { return nil }
        let resolved = entry.resolved(path)
        guard FileManager.default.isReadableFile(atPath: resolved) else {
            throw ConfigurationError("The file \(resolved) can't be read", file: entry.file, field: field)
        }
        return .file(resolved)
    }
}
