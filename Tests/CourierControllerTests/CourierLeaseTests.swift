import AsyncSupport
import Foundation
import KubernetesModel
import Logging
import LoopbackSupport
import MongoClient
import PrometheusMetrics
import ReportAPI
import ReportStores
import ServiceLifecycle
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import CourierController

/// The courier put together as its program does it: while its lease lasts it writes, and afterwards its workers go on and
/// nothing of theirs reaches the API server.
@Suite(.timeLimit(.minutes(1))) struct CourierLeaseTests {
    /// The lease ends after ten seconds.
    @Test(arguments: [Duration.seconds(9), .seconds(10)])
    func onlyWhoHoldsTheLeaseWrites(now: Duration) async throws {
        let server = InMemoryAPIServer()
        // One in the wrong place is told so, without being tried.
        var channel = ReportChannel.mail(ready: nil)
        channel.metadata.namespace = "elsewhere"
        try server.insert(channel)
        let leadership = Leadership(clock: RuntimeClock(now: { now }, sleep: { try await Task.sleep(for: $0) }))
        leadership.hold(until: .seconds(10))
        let metrics = MetricsRegistry()
        let failures = metrics.counter(
            "controller_runtime_reconcile_errors_total", help: "", labels: [("controller", "reportchannel")])
        let courier = try courier(on: server, leadership, metrics)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in courier.services { group.addTask { try await service.run() } }
            try await eventually("its status is written, or its writing has failed three times") {
                server.find(ReportChannel.self, "mail", namespace: "elsewhere")?.status != nil || failures.value >= 3
            }
            group.cancelAll()
        }
        #expect((server.state.writes == 0) == (now == .seconds(10)))
    }

    /// Without a MongoDB: nobody listens at port 1.
    private func courier(
        on server: InMemoryAPIServer, _ leadership: Leadership, _ metrics: MetricsRegistry
    ) throws -> CourierController {
        let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        var options = MongoOptions()
        options.serverSelectionTimeout = .milliseconds(50)
        let store = ReportStore(
            client: MongoClient(try MongoURI("mongodb://127.0.0.1:1/"), options: options, logger: logger))
        let folder = FileManager.default.temporaryDirectory.appending(path: "courier-\(UUID())").path
        let maker = FileMaker(store: store, renderer: RenderProcess(command: [], folder: folder), logger: logger)
        return CourierController(
            client: server.client,
            options: .init(
                namespace: "report-operator", reports: nil, workFolder: folder, workLimit: 1, identity: "me",
                isInPod: false, sendTimeout: .seconds(1)),
            store: store, maker: maker, leadership: leadership, metrics: metrics, logger: logger)
    }
}
