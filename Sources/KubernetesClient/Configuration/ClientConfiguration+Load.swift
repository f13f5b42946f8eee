import FoundationEssentials

extension ClientConfiguration {
    /// Reads the configuration from the first place that there is: `kubeconfig`, the files of `KUBECONFIG`, the pod's
    /// service account, `~/.kube/config`.
    ///
    /// `kubeconfig` is a file named by the user, and nothing else is looked at then. `context` replaces the
    /// file's `current-context`; a service account has none, so it is ignored. `namespace` replaces the
    /// context's. `root` precedes the service account's folder; for tests.
    public static func load(
        kubeconfig: String? = nil,
        context: String? = nil,
        namespace: String? = nil,
        environment: [String: String],
        root: String = ""
    ) throws(ConfigurationError) -> ClientConfiguration {
        if let kubeconfig, !kubeconfig.isEmpty {
            let config = try Kubeconfig(file: kubeconfig)
            return try config.client(context: context, namespace: namespace, environment: environment)
        }
        var warnings: [String] = []
        if let list = environment["KUBECONFIG"], !list.isEmpty {
            let merged = try Kubeconfig.merged(list: list)
            if !merged.config.isEmpty {
                return try merged.config.client(context: context, namespace: namespace, environment: environment)
            }
            warnings = merged.warnings
        }
        let problem = ServiceAccount.problem(environment: environment, root: root)
        if problem == nil, context == nil {
            var found = ServiceAccount.client(environment: environment, namespace: namespace, root: root)
            found.warnings += warnings
            return found
        }
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : "\($0)/.kube/config" }
        // A list in KUBECONFIG replaces the file at home.
        if warnings.isEmpty, (environment["KUBECONFIG"] ?? "").isEmpty, let home,
            FileManager.default.fileExists(atPath: home)
        {
            let config = try Kubeconfig(file: home)
            if !config.isEmpty {
                return try config.client(context: context, namespace: namespace, environment: environment)
            }
        }
        throw ConfigurationError(
            """
            There is no configuration for a cluster. Tried: --kubeconfig (not given), \
            KUBECONFIG (\((environment["KUBECONFIG"] ?? "").isEmpty ? "not set" : "names nothing usable")), \
            the pod's service account (\(problem ?? "passed over, as a context is named")), \
            \(home ?? "~/.kube/config") (missing, empty or passed over)
            """)
    }
}

extension ClientConfiguration {
    /// The names that `load` could be told as its `context`, sorted.
    public static func contexts(
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
