package import Logging
package import PrometheusMetrics
package import ReportStores
import Synchronization

extension StoreSignIn {
    /// With what came of the last try as a metric, for programs that have no other of their store.
    ///
    /// `program`: what its metrics' names begin with, such as `report_courier`.
    package init(
        store: ReportStore, pause: Duration = usualPause, registry: MetricsRegistry, program: String, logger: Logger
    ) {
        let last = LastAnswer()
        registry.gauge(
            "\(program)_store_up",
            help: "Whether MongoDB accepted the last new connection, tried every two minutes; absent before the first.",
            labels: [("store", "mongodb")]
        ) { last.holds.withLock(\.self).map { $0 ? 1 : 0 } }
        self.init(store: store, pause: pause, logger: logger) { holds in last.holds.withLock { $0 = holds } }
    }

    private final class LastAnswer: Sendable {
        let holds = Mutex<Bool?>(nil)
    }
}
