import AsyncSupport
import Foundation
import KubernetesModel
import Logging
import LoopbackSupport
import PrometheusMetrics
import ReportAPI
import ServiceLifecycle
import TestSupport
import Testing

@testable import ControllerRuntime
@testable import ReportController

/// The operator put together as its program does it: while its lease lasts it writes, and afterwards its workers go on and
/// nothing of theirs reaches the API server.
@Suite(.timeLimit(.minutes(5))) struct LeaseCheckTests {
    /// The lease ends after ten seconds.
    @Test(arguments: [Duration.seconds(9), .seconds(10)])
    func onlyWhoHoldsTheLeaseWrites(now: Duration) async throws {
        let server = InMemoryAPIServer()
        try server.insert(ReportRequest.fixture().unseen)
        let leadership = Leadership(clock: RuntimeClock(now: { now }, sleep: { try await Task.sleep(for: $0) }))
        leadership.hold(until: .seconds(10))
        let metrics = MetricsRegistry()
        let controller = ReportController(
            client: server.client, options: .init(), leadership: leadership, metrics: metrics,
            logger: Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() })
        let failures = metrics.counter(
            "controller_runtime_reconcile_errors_total", help: "", labels: [("controller", "reportrequest")])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in controller.services { group.addTask { try await service.run() } }
            try await eventually("a Job is made, or its making has failed three times") {
                !server.all(Job.self).isEmpty || failures.value >= 3
            }
            group.cancelAll()
        }
        #expect(server.all(Job.self).isEmpty == (now == .seconds(10)))
        #expect((server.state.writes == 0) == (now == .seconds(10)))
    }
}
