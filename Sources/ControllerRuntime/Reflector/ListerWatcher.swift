public import KubernetesClient
public import KubernetesModel

/// Where a reflector's objects come from: an API server, or a script in a test.
///
/// It carries requests out and decides nothing; when to ask what is `ReflectorState`'s.
public protocol ListerWatcher<Resource>: Sendable {
    associatedtype Resource: KubernetesResource
    associatedtype Events: AsyncSequence where Events.Element == WatchEvent<Resource>

    /// One page of a list.
    func list(_ request: ListRequest) async throws(KubernetesError) -> ListPage<Resource>

    /// The events after a resource version, until the server ends them.
    func watch(_ request: WatchRequest) async throws(KubernetesError) -> Events

    /// The resource version that the cluster's own store has now.
    func currentVersion() async throws(KubernetesError) -> String

    /// Tells when the server is back that was away; nil where nothing can tell.
    var serverReturn: ServerReturn? { get }
}

extension ListerWatcher {
    public var serverReturn: ServerReturn? { nil }

    /// That of a list of one object.
    public func currentVersion() async throws(KubernetesError) -> String {
        try await list(ListRequest(version: .newest, limit: 1)).resourceVersion
    }
}

/// One page of a list.
public struct ListPage<R: KubernetesResource>: Sendable {
    public var items: [R]
    public var undecodable: [UndecodableObject]
    /// The list's version, not that of any item.
    public var resourceVersion: String
    /// The token for the next page; nil or empty on the last.
    public var `continue`: String?

    public init(
        items: [R], undecodable: [UndecodableObject] = [], resourceVersion: String, continue: String? = nil
    ) {
        self.items = items
        self.undecodable = undecodable
        self.resourceVersion = resourceVersion
        self.continue = `continue`
    }
}

/// After which version to watch, and how long.
public struct WatchRequest: Hashable, Sendable {
    public var resourceVersion: String
    /// When the server is asked to end the watch.
    public var timeoutSeconds: Int
    /// After how long without a byte the connection counts as dead.
    public var idleDeadline: Duration
}
