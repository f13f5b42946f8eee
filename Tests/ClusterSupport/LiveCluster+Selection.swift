import KubernetesClient
package import KubernetesModel
import LoopbackSupport

extension LiveCluster {
    /// Waits until the objects that a label selector selects are as they should be, by watching them; returns those.
    ///
    /// Faults of the API server on the way are waited out: some tests make them.
    @discardableResult
    package func wait<R: KubernetesResource>(
        forAll type: R.Type, selector: String? = nil, in namespace: String, within limit: Duration = .seconds(60),
        _ what: String, until holds: @escaping @Sendable ([R]) -> Bool
    ) async throws -> [R] {
        let deadline = ContinuousClock.now + limit
        var last: [R] = []
        while ContinuousClock.now < deadline {
            do {
                let list = try await client.list(
                    type, namespace: namespace, options: ListOptions(labelSelector: selector))
                last = list.items
                if holds(last) { return last }
                let seconds = max(1, Int((deadline - .now).components.seconds))
                let events = try await client.watch(
                    type, namespace: namespace,
                    options: WatchOptions(
                        labelSelector: selector, resourceVersion: list.metadata.resourceVersion ?? "",
                        timeoutSeconds: min(seconds, 10)))
                // The first event is a reason to look at all of them again.
                for try await event in events {
                    if case .bookmark = event { continue }
                    break
                }
            } catch {
                // The deadline bounds it; between tries the server gets a breath.
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        throw DeadlineExceeded(description: "\(namespace) did not become: \(what); last seen: \(last)")
    }
}
