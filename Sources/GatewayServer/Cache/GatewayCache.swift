internal import ControllerRuntime
internal import FoundationEssentials
internal import GatewayAPI
internal import KubernetesClient
internal import KubernetesModel
internal import Logging
internal import PrometheusMetrics
internal import ReportAPI
internal import ServiceLifecycle
internal import Synchronization

/// What the API server has of reports, by watches of the gateway's own. Access reviews decide what each caller sees of it.
struct GatewayCache: Sendable {
    /// Also by `uid`, which is the report's id, and by namespace.
    let requests = Store<ReportRequest>(indexers: [
        Self.uid: { [$0.metadata.uid] }, Self.namespace: { [$0.metadata.namespace] },
    ])
    let pipelines = Store<ReportPipeline>(indexers: [Self.namespace: { [$0.metadata.namespace] }])
    /// What a list of requests says may be another at another state.
    let state = CacheState()
    let schedules = Store<ReportSchedule>(indexers: [Self.namespace: { [$0.metadata.namespace] }])
    /// Nobody waits for these, who reports no alerts.
    let triggers = Store<ReportTrigger>()
    /// Also by the report that they are of.
    let deliveries = Store<ReportDelivery>(indexers: [
        Self.report: { $0.spec.value.map { [$0.reportID] } ?? [] }, Self.namespace: { [$0.metadata.namespace] },
    ])
    /// Of the courier's namespace.
    let channels = Store<ReportChannel>()
    /// All of them; nil where the gateway is for one, and may not list them.
    let allNamespaces: Store<Namespace>?
    /// What the cluster is called; nil where it has no name.
    let clusterName: String?

    init(watchesNamespaces: Bool = true, clusterName: String? = nil) {
        self.clusterName = clusterName
        allNamespaces = watchesNamespaces ? Store() : nil
        requests.addHandler { [state] _ in state.change() }
        // The list has their titles.
        pipelines.addHandler { [state] _ in state.change() }
    }

    /// Of all pipelines.
    let faults = PipelineFaults()

    static let uid = "uid"
    static let namespace = "namespace"
    static let report = "report"

    var stores: [any SyncedStore] {
        [requests, pipelines, schedules, deliveries, channels] + (allNamespaces.map { [$0] } ?? [])
    }

    /// Where there is anything of ours.
    var namespaces: Set<String> {
        Set(pipelines.values(of: Self.namespace))
            .union(requests.values(of: Self.namespace))
            .union(schedules.values(of: Self.namespace))
    }

    func request(id: String) -> ReportRequest? { requests.indexed(by: Self.uid, value: id).first }

    /// A live request as it is shown. `place`: of one that waits.
    func view(_ request: ReportRequest, place: Place? = nil, expectedEnd: Date? = nil) -> RequestView {
        let name = request.spec.value?.pipelineRef?.name
        let pipeline = name.flatMap { pipelines.get(ObjectKey(namespace: request.metadata.namespace, name: $0)) }
        // Called as its pipeline is called now.
        return RequestView(
            request, title: pipeline?.spec.value?.title, clusterName: clusterName, place: place,
            expectedEnd: expectedEnd)
    }

    /// `namespace`: the only one, or nil for all. `courierNamespace`: where the channels are.
    func watches(
        _ client: KubernetesClient, namespace: String?, courierNamespace: String, metrics: MetricsRegistry,
        logger: Logger
    ) -> [any Service] {
        [
            watch(requests, client, namespace, metrics, logger),
            watch(pipelines, client, namespace, metrics, logger),
            watch(schedules, client, namespace, metrics, logger),
            watch(deliveries, client, namespace, metrics, logger),
            watch(triggers, client, namespace, metrics, logger),
            watch(channels, client, courierNamespace, metrics, logger),
        ] + (allNamespaces.map { [watch($0, client, nil, metrics, logger)] } ?? [])
    }

    private func watch<R>(
        _ store: Store<R>, _ client: KubernetesClient, _ namespace: String?, _ metrics: MetricsRegistry,
        _ logger: Logger
    ) -> any Service {
        Reflector(
            store: store, source: ClientListerWatcher(client: client, namespace: namespace),
            name: R.resourceKind.qualifiedName, logger: logger, metrics: metrics)
    }
}

/// How often something has changed. A reader that looks at it first knows afterwards which state its answer is of.
final class CacheState: Sendable {
    private let changes = Atomic<Int>(0)

    var number: Int { changes.load(ordering: .acquiring) }

    func change() { changes.add(1, ordering: .acquiringAndReleasing) }
}
