import ControllerRuntime
import Foundation
import KubernetesClient
import Logging
import PrometheusMetrics
import ReportController
import ReportPlanning
import ServiceLifecycle

/// The operator's controller in this process, for one namespace or (nil) for all.
struct Operator: Sendable {
    let controller: ReportController
    let requests: RequestCounter
    let log: LogLines
    let metrics = MetricsRegistry()
    private let client: KubernetesClient
    private let group: ServiceGroup

    init(
        _ configuration: ClientConfiguration, namespace: String?, inlinePipelines: InlinePipelineRule = .allowed,
        courierNamespace: String? = nil, clusterName: String? = nil, name: String? = nil,
        stores: (Logger) throws -> OutsideStores = { _ in .init() },
        now: (@Sendable () -> Date)? = nil
    ) rethrows {
        let counter = RequestCounter()
        let log = LogLines()
        client = KubernetesClient(
            configuration: configuration, userAgent: "report-operator/test", logger: log.logger, observer: counter)
        controller = ReportController(
            client: client,
            options: .init(
                namespace: namespace, inlinePipelines: inlinePipelines, courierNamespace: courierNamespace,
                clusterName: clusterName, operatorName: name),
            stores: try stores(log.logger), metrics: metrics, logger: log.logger, now: now)
        group = ServiceGroup(
            configuration: .init(services: controller.services, logger: log.logger))
        requests = counter
        self.log = log
    }

    func run() async throws { try await group.run() }

    func stop() async { await group.triggerGracefulShutdown() }

    /// As if the process had ended: nothing that is under way comes to its end.
    func crash() { client.shutdown() }

    /// Returns when every cache has its first list.
    func waitUntilReady() async throws {
        for store in controller.cache.stores { try await store.waitUntilSynced() }
    }
}
