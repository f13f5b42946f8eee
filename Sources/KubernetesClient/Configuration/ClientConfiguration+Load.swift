extension ClientConfiguration {
    /// Reads the configuration from the first place that there is: `kubeconfig`, the files of `KUBECONFIG`, the pod's
    /// service account, `~/.kube/config`.
    ///
    /// `kubeconfig` is a file named by the user, and nothing else is looked at then. `context` stands in place of the
    /// file's `current-context`; a service account has none, so it is passed over. `namespace` stands in place of the
    /// context's. `root` stands before the service account's folder; for tests.
    package static func load(
        kubeconfig: String? = nil,
        context: String? = nil,
        namespace: String? = nil,
        environment: [String: String],
        root: String = ""
    ) throws(ConfigurationError) -> ClientConfiguration {
        throw ConfigurationError("Not yet")
    }
}
