import AsyncSupport
import Logging
import ReportStores
import ServiceLifecycle
import Synchronization

/// Signs in to MongoDB anew from time to time. Open connections outlive a password that no longer holds, so that without
/// this it would show only when they break.
///
/// Neither the record nor readiness waits for it: open connections still serve.
struct StoreSignIn: Service {
    /// The time between two tries.
    static let usualPause: Duration = .seconds(120)

    let store: ReportStore
    let pause: Duration
    let metrics: StoreMetrics
    let logger: Logger
    private let trouble = Trouble()

    init(store: ReportStore, pause: Duration = usualPause, metrics: StoreMetrics, logger: Logger) {
        self.store = store
        self.pause = pause
        self.metrics = metrics
        self.logger = logger
    }

    func run() async {
        await cancelWhenGracefulShutdown { await keepTrying() }
    }

    private func keepTrying() async {
        while (try? await Task.sleep(for: pause)) != nil {
            let result = await Result(catching: { () async throws(StoreTrouble) in try await store.signInAnew() })
            switch result {
            case .success: note(nil)
            case .failure(let failure) where failure.isCancelled: return
            case .failure(let failure): note(failure)
            }
        }
    }

    private func note(_ failure: StoreTrouble?) {
        metrics.acceptsConnections(failure == nil)
        guard trouble.isNews(failure?.outage) else { return }
        guard let failure else {
            return logger.notice("MongoDB accepts new connections again")
        }
        logger.warning(
            "MongoDB refuses new connections; open ones may go on until they break or this program restarts",
            metadata: [
                "error": "\(failure)",
                "advice": "check user and password in the operator's address, and that the server can be reached",
            ])
    }

    /// What was logged last, so that each trouble is logged once.
    private final class Trouble: Sendable {
        private let last = Mutex<String?>(nil)

        func isNews(_ kind: String?) -> Bool {
            last.withLock { last in
                defer { last = kind }
                return last != kind
            }
        }
    }
}
