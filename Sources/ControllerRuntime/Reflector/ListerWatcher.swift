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
