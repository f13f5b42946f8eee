extension ClientConfiguration {
    /// The names that `load` could be told as its `context`, sorted.
    package static func contexts(
        kubeconfig: String? = nil, environment: [String: String]
    ) throws(ConfigurationError) -> [String] {
        let config: Kubeconfig
        if let kubeconfig, !kubeconfig.isEmpty {
            config = try Kubeconfig(file: kubeconfig)
        } else if let list = environment["KUBECONFIG"], !list.isEmpty {
            config = try Kubeconfig.merged(list: list).config
        } else {
            config = try Kubeconfig(file: "\(environment["HOME"] ?? "")/.kube/config")
        }
        return config.contexts.keys.sorted()
    }
}
