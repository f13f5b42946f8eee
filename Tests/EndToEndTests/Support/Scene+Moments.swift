import ClusterSupport
import KubernetesClient
import KubernetesModel

/// When things happened, by the API server's own count: what came first doesn't depend on how soon a test looks.
extension Scene {
    /// The version of all that has happened by now.
    func version() async throws -> String {
        try await cluster.client.list(Pod.self, namespace: namespace).metadata.resourceVersion ?? ""
    }

    /// The version, after that one, at which an object first was as it should be (nil: gone). It is waited for; who begins to
    /// wait before the cause is sure to be told.
    func version<R: KubernetesResource>(
        of type: R.Type, _ name: String, after begin: String, within seconds: Int = 300, _ what: String,
        _ holds: @Sendable (R?) -> Bool
    ) async throws -> String {
        let options = WatchOptions(
            fieldSelector: "metadata.name=\(name)", resourceVersion: begin, timeoutSeconds: seconds)
        for try await event in try await cluster.client.watch(type, namespace: namespace, options: options) {
            switch event {
            case .added(let object), .modified(let object):
                if holds(object) { return object.metadata.resourceVersion }
            case .deleted(let last):
                if holds(nil) { return last.metadata.resourceVersion }
            case .bookmark, .undecodable, .status: continue
            }
        }
        throw Failed(description: "\(name) did not become: \(what)")
    }
}
