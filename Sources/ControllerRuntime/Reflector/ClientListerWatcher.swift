public import KubernetesClient
public import KubernetesModel

/// Lists and watches through the API server.
public struct ClientListerWatcher<R: KubernetesResource>: ListerWatcher {
    private let client: KubernetesClient
    private let kind: ResourceKind
    private let namespace: String?
    private let labelSelector: String?
    private let fieldSelector: String?

    /// The objects of one namespace, or of all for nil, that the selectors choose.
    public init(
        _ type: R.Type = R.self,
        kind: ResourceKind = R.resourceKind,
        client: KubernetesClient,
        namespace: String? = nil,
        labelSelector: String? = nil,
        fieldSelector: String? = nil
    ) {
        self.client = client
        self.kind = kind
        self.namespace = namespace
        self.labelSelector = labelSelector
        self.fieldSelector = fieldSelector
    }

    public var serverReturn: ServerReturn? { client.serverReturn }

    public func list(_ request: ListRequest) async throws(KubernetesError) -> ListPage<R> {
        var options = ListOptions(
            labelSelector: labelSelector, fieldSelector: fieldSelector, limit: request.limit,
            byteLimit: request.byteLimit)
        switch request.version {
        case .newest: break
        case .notOlderThan(let version):
            options.resourceVersion = version
            options.resourceVersionMatch = .notOlderThan
        case .next(let token):
            options.continue = token
        }
        let page = try await client.list(R.self, kind: kind, namespace: namespace, options: options)
        return ListPage(
            items: page.items,
            undecodable: page.undecodable,
            resourceVersion: page.metadata.resourceVersion ?? "",
            continue: page.metadata.continue
        )
    }

    /// Without the labels: of what they choose among all pods the server would have to look for the first one. The fields stay,
    /// since they keep what nobody is to read, such as Secrets of other types, from being asked for.
    public func currentVersion() async throws(KubernetesError) -> String {
        let options = ListOptions(fieldSelector: fieldSelector, limit: 1)
        let page = try await client.list(R.self, kind: kind, namespace: namespace, options: options)
        return page.metadata.resourceVersion ?? ""
    }

    public func watch(_ request: WatchRequest) async throws(KubernetesError) -> WatchStream<R> {
        try await client.watch(
            R.self,
            kind: kind,
            namespace: namespace,
            options: WatchOptions(
                labelSelector: labelSelector,
                fieldSelector: fieldSelector,
                resourceVersion: request.resourceVersion,
                timeoutSeconds: request.timeoutSeconds,
                allowBookmarks: true,
                idleDeadline: request.idleDeadline
            ))
    }
}
