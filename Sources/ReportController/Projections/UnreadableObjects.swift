import ControllerRuntime
import FoundationEssentials
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportPlanning
import ServiceLifecycle

/// Tells in Kubernetes' events of objects that can't be read, once of each version. Nothing waits for it.
struct UnreadableObjects: Sendable {
    struct Key: Hashable, Sendable, CustomStringConvertible {
        let kind: ResourceKind
        let object: UndecodableObject

        var description: String { "\(kind.qualifiedName) \(object.key)" }
    }

    private let queue: WorkQueue<Key>
    /// What tells them.
    let controller: any Service

    init(
        writer: ClusterWriter, metrics: MetricsRegistry, logger: Logger, now: @escaping @Sendable () -> Date
    ) {
        let queue = WorkQueue<Key>(name: "unreadable", metrics: metrics)
        self.queue = queue
        controller = Controller(name: "unreadable", queue: queue, stores: [], logger: logger, metrics: metrics) { key in
            let manifest = UnreadableEvent.manifest(
                of: key.object, kind: key.kind, component: "report-operator", at: Timestamp(now()))
            try await writer.tellOrGiveUp(manifest, namespace: key.object.namespace)
            return .done
        }
    }

    /// Listens to a store, and tells of those of its objects that `concern` it.
    func connect<R: KubernetesResource>(
        to store: Store<R>, where concern: @escaping @Sendable (UndecodableObject) -> Bool = { _ in true }
    ) {
        store.addReadabilityHandler { key in
            guard let object = store.undecodable(key), concern(object) else { return }
            queue.add(Key(kind: R.resourceKind, object: object))
        }
    }
}
