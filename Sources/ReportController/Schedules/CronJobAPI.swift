import ControllerRuntime
import KubernetesClient
import KubernetesModel
import Synchronization

/// What the server's CronJobs are like: found out by discovery with each list and each later watch of them, since another
/// server may come under a running operator, and a watch goes on with it.
final class CronJobAPI: Sendable {
    private struct State {
        var features = CronJobFeatures()
        /// Whether no watch has begun since they were found out.
        var isNew = false
        var listeners: [@Sendable (CronJobFeatures) -> Void] = []
    }

    private let state = Mutex(State())

    var features: CronJobFeatures { state.withLock { $0.features } }

    var kind: ResourceKind { CronJob.kind(version: features.version) }

    /// Calls `listener` whenever they have become others.
    func onChange(_ listener: @escaping @Sendable (CronJobFeatures) -> Void) {
        state.withLock { $0.listeners.append(listener) }
    }

    /// Asks the server.
    func discover(_ client: KubernetesClient) async throws(KubernetesError) {
        var version = "v1"
        // Without either, the list that follows fails and says so.
        for candidate in ["v1", "v1beta1"] {
            let resources = try await client.servedResources(group: "batch", version: candidate)
            guard resources.contains(where: { $0.name == CronJob.resourceKind.plural }) else { continue }
            version = candidate
            break
        }
        let server = try await client.serverVersion()
        state.withLock { $0.isNew = true }
        become(CronJobFeatures(version: version, server: server))
    }

    /// Asks the server before a watch, unless that was done for the list just before.
    func discoverAgain(_ client: KubernetesClient) async throws(KubernetesError) {
        let isNew = state.withLock { state in
            defer { state.isNew = false }
            return state.isNew
        }
        guard !isNew else { return }
        try await discover(client)
        state.withLock { $0.isNew = false }
    }

    private func become(_ features: CronJobFeatures) {
        let listeners = state.withLock { state in
            guard features != state.features else { return [@Sendable (CronJobFeatures) -> Void]() }
            state.features = features
            return state.listeners
        }
        for listener in listeners { listener(features) }
    }
}
