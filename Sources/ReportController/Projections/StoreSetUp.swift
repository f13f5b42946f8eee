import Logging
import PrometheusMetrics
import ReportStores
import Synchronization

/// What of a store's collections and indexes could not be set up: told in the log when it is news, and as a figure.
///
/// Nothing waits for it. Without its indexes a store is slow to ask, and without its validators it takes what others write.
final class StoreSetUp: Sendable {
    private let store: String
    private let logger: Logger
    private let troubles = Mutex<Set<String>>([])

    init(registry: MetricsRegistry, store: String, logger: Logger) {
        self.store = store
        self.logger = logger
        registry.gauge(
            "report_operator_store_incomplete",
            help: "Collections and indexes of the store that could not be set up; tried again.",
            labels: [("store", store)]
        ) { [weak self] in Double(self?.troubles.withLock { $0.count } ?? 0) }
    }

    /// What the last try has come to.
    func told(_ latest: [StoreTrouble]) {
        let latest = Set(latest.map(\.description))
        let old = troubles.withLock { troubles in
            defer { troubles = latest }
            return troubles
        }
        for trouble in latest.subtracting(old).sorted() {
            logger.warning(
                "The record isn't set up as it should be; it is kept all the same, and this is tried again",
                metadata: ["store": "\(store)", "error": "\(trouble)"])
        }
        if latest.isEmpty, !old.isEmpty {
            logger.notice("The record is set up as it should be now", metadata: ["store": "\(store)"])
        }
    }
}
