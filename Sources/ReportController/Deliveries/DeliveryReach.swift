import ControllerRuntime
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import ServiceLifecycle

/// The ways out that there are, and the deliveries that were made, as the watches tell.
struct DeliveryReach: Sendable {
    /// Where channels are.
    let courierNamespace: String
    let deliveries: Store<ReportDelivery>
    let channels: PatientStore<ReportChannel>
    /// Of all namespaces, for their labels; nil where the operator works in one, whose labels it may not read.
    let namespaces: PatientStore<Namespace>?

    init(courierNamespace: String, readsNamespaces: Bool) {
        self.courierNamespace = courierNamespace
        deliveries = Store(indexers: [Index.request: { $0.metadata.deliveryOwner.map { ["\($0)"] } ?? [] }])
        channels = PatientStore(Store())
        namespaces = readsNamespaces ? PatientStore(Store(name: "namespaces of deliveries")) : nil
    }

    /// What has to be known before a request is accepted, as far as the API server knows and tells it at all.
    var stores: [any SyncedStore] { [channels] + (namespaces.map { [$0] } ?? []) }

    /// `namespace`: where deliveries are made; nil: everywhere.
    func watches(
        _ client: KubernetesClient, namespace: String?, metrics: MetricsRegistry, logger: Logger
    ) -> [any Service] {
        let made = Reflector(
            store: deliveries,
            source: ClientListerWatcher(
                client: client, namespace: namespace, labelSelector: ReportsAPI.Label.requestUID),
            name: deliveries.name, logger: logger, metrics: metrics)
        let known = channels.watch(
            ClientListerWatcher(client: client, namespace: courierNamespace), metrics: metrics, logger: logger)
        let labels = namespaces?.watch(ClientListerWatcher(client: client), metrics: metrics, logger: logger)
        return [made, known] + (labels.map { [$0] } ?? [])
    }

    func known(of request: ReportRequest, _ cache: ClusterCache) -> ObservedRun.Deliveries {
        var known = ObservedRun.Deliveries(namespaceLabels: nil, isListed: deliveries.hasSynced)
        if request.status?.accepted == nil || request.awaitsDeliveries { known.channels = channels.store.all() }
        // Decided once, so that it is asked for once.
        if request.status?.accepted == nil, request.status?.isTerminal != true || request.awaitsDeliveries {
            known.namespaceLabels = labels(of: request.metadata.namespace)
            known.followsFailure = cache.followsFailure(request)
        }
        if request.awaitsDeliveries {
            let made = deliveries.indexed(by: Index.request, value: "\(request.metadata.ownerKey)")
            known.made = Dictionary(made.map { ($0.metadata.name, $0) }) { first, _ in first }
        }
        return known
    }

    private func labels(of namespace: String) -> [String: String]? {
        // The API server puts it on, and did not always.
        let name = ["kubernetes.io/metadata.name": namespace]
        guard let namespaces else { return name }
        return namespaces.store.get(ObjectKey(namespace: "", name: namespace))?.metadata.labels.merging(name) {
            own, _ in
            own
        }
    }

    private enum Index {
        static let request = "request"
    }
}

/// Has requests looked at again when something becomes known of their deliveries.
struct DeliveryRouter: Service {
    let reach: DeliveryReach
    let cache: ClusterCache
    let wake: @Sendable (ObjectKey) -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            connect()
            guard (try? await reach.deliveries.waitUntilSynced()) != nil else { return }
            // Only now it is known which are gone.
            for request in cache.requests.all() where request.awaitsDeliveries { wake(request.key) }
        }
        try? await gracefulShutdown()
    }

    func connect() {
        reach.deliveries.addHandler { change in
            if case .updated(let old, let new) = change, old.status?.phase == new.status?.phase { return }
            guard let owner = change.object.metadata.deliveryOwner, let request = cache.request(owner),
                request.awaitsDeliveries
            else { return }
            wake(request.key)
        }
    }
}

extension ObjectMeta {
    /// The request that a delivery says it is of.
    fileprivate var deliveryOwner: OwnerKey? {
        labels[ReportsAPI.Label.requestUID].map { OwnerKey(namespace: namespace, uid: $0) }
    }
}

extension ReportRequest {
    fileprivate var awaitsDeliveries: Bool { status?.awaitsDeliveries ?? false }
}

extension ClusterCache {
    /// Whether the last run of the same schedule that came to an end before this one began failed.
    fileprivate func followsFailure(_ request: ReportRequest) -> Bool {
        guard let uid = request.scheduleUID else { return false }
        let schedule = OwnerKey(namespace: request.metadata.namespace, uid: uid)
        let own = request.metadata.creationTimestamp?.seconds ?? .max
        let earlier = requests.indexed(by: Index.schedule, value: "\(schedule)").filter { other in
            let isEnd = other.status?.phase == .succeeded || other.status?.phase == .failed
            return isEnd && other.metadata.uid != request.metadata.uid && !other.isRestored
                && other.isMade(forSchedule: uid)
                && other.metadata.creationTimestamp?.seconds ?? .max <= own
        }
        let last = earlier.max { one, other in
            let (first, second) = (one.metadata, other.metadata)
            return (first.creationTimestamp?.seconds ?? 0, first.name)
                < (second.creationTimestamp?.seconds ?? 0, second.name)
        }
        return last?.status?.phase == .failed
    }
}
