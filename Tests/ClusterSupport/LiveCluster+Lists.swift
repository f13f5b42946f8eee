import KubernetesClient
package import KubernetesModel

extension LiveCluster {
    /// Waits until the objects that the selector chooses are as they should be, by watching them; returns them.
    ///
    /// Faults of the API server on the way are waited out.
    @discardableResult
    package func waitForList<R: KubernetesResource>(
        of type: R.Type, in namespace: String, labels: String? = nil, within limit: Duration = .seconds(60),
        _ what: String, until holds: @escaping @Sendable ([R]) -> Bool
    ) async throws -> [R] {
        let deadline = ContinuousClock.now + limit
        var last: [R] = []
        while ContinuousClock.now < deadline {
            do {
                let list = try await client.list(
                    type, namespace: namespace, options: ListOptions(labelSelector: labels))
                last = list.items
                if holds(last) { return last }
                let events = try await client.watch(
                    type, namespace: namespace,
                    options: WatchOptions(
                        labelSelector: labels, resourceVersion: list.metadata.resourceVersion ?? "",
                        timeoutSeconds: min(max(1, Int((deadline - .now).components.seconds)), 10)))
                var iterator = events.makeAsyncIterator()
                // Whatever it says, the next list tells all of it.
                _ = try await iterator.next()
            } catch {
                // The deadline bounds it; between tries the server gets a breath.
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        throw DeadlineExceeded(
            description: "\(R.resourceKind.plural) of \(namespace) did not become: \(what); last seen: \(last)")
    }
}
