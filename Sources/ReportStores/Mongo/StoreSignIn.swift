import AsyncSupport
package import Logging
import ServiceLifecycle
import Synchronization

/// Signs in to MongoDB again from time to time. Open connections outlive a password that no longer holds, so that without
/// this it would show only when they break.
///
/// Neither the record nor readiness waits for it: open connections still serve.
package struct StoreSignIn: Service {
    /// The time between two tries.
    package static let usualPause: Duration = .seconds(120)

    private let store: ReportStore
    private let pause: Duration
    private let tell: @Sendable (Bool) -> Void
    private let logger: Logger
    private let trouble = Trouble()

    /// `tell` is called after each try, with whether MongoDB accepted it.
    package init(
        store: ReportStore, pause: Duration = usualPause, logger: Logger, tell: @escaping @Sendable (Bool) -> Void
    ) {
        self.store = store
        self.pause = pause
        self.tell = tell
        self.logger = logger
    }

    package func run() async {
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
        tell(failure == nil)
        guard trouble.isNews(failure?.outage) else { return }
        guard let failure else {
            return logger.notice("MongoDB accepts new connections again")
        }
        logger.warning(
            "MongoDB refuses new connections; open ones may go on until they break or this program restarts",
            metadata: [
                "error": "\(failure)",
                "advice": "check user and password in this program's address, and that the server can be reached",
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
