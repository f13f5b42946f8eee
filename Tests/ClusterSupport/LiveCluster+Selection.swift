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
                // By what changes: to list all of them again for each change of one would keep the server from its work.
                var objects = Dictionary(last.map { ($0.metadata.name, $0) }) { _, newer in newer }
                changes: for try await event in events {
                    switch event {
                    case .added(let object), .modified(let object): objects[object.metadata.name] = object
                    case .deleted(let object): objects[object.metadata.name] = nil
                    case .bookmark: continue
                    case .undecodable, .status: break changes
                    }
                    last = objects.values.sorted { $0.metadata.name < $1.metadata.name }
                    if holds(last) { return last }
                }
            } catch {
                // The deadline bounds it; between tries the server gets a breath.
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        throw DeadlineExceeded(description: "\(namespace) did not become: \(what); last seen: \(last)")
    }
}
