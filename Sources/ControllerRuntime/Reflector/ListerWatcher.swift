package import KubernetesClient
package import KubernetesModel

/// Where a reflector's objects come from: an API server, or a script in a test.
///
/// It carries requests out and decides nothing; when to ask what is `ReflectorState`'s.
package protocol ListerWatcher<Resource>: Sendable {
    associatedtype Resource: KubernetesResource
    associatedtype Events: AsyncSequence where Events.Element == WatchEvent<Resource>

    /// One page of a list.
    func list(_ request: ListRequest) async throws(KubernetesError) -> ListPage<Resource>

    /// The events after a resource version, until the server ends them.
    func watch(_ request: WatchRequest) async throws(KubernetesError) -> Events
}

/// One page of a list.
package struct ListPage<R: KubernetesResource>: Sendable {
    package var items: [R]
    package var undecodable: [UndecodableObject]
    /// The list's version, not that of any item.
    package var resourceVersion: String
    /// The token for the next page; nil or empty on the last.
    package var `continue`: String?

    package init(
        items: [R], undecodable: [UndecodableObject] = [], resourceVersion: String, continue: String? = nil
    ) {
        self.items = items
        self.undecodable = undecodable
        self.resourceVersion = resourceVersion
        self.continue = `continue`
    }
}

/// After which version to watch, and how long.
package struct WatchRequest: Hashable, Sendable {
    package var resourceVersion: String
    /// When the server is asked to end the watch.
    package var timeoutSeconds: Int
    /// After how long without a byte the connection counts as dead.
    package var idleDeadline: Duration
}
