import KubernetesClient
import Logging
import Synchronization

/// What leader election tells people: each change once.
final class LeaderElectionLog: Sendable {
    private let logger: Logger
    private let namespace: String
    private let told = Mutex(Told())

    private struct Told {
        var holder: String?
        var trouble: String?
    }

    init(logger: Logger, namespace: String) {
        self.logger = logger
        self.namespace = namespace
    }

    func holds(isNew: Bool, identity: String) {
        recovered()
        if isNew { logger.notice("Leading: this process acts from now on", metadata: ["identity": "\(identity)"]) }
    }

    /// Another one leads; nil: nobody.
    func follows(_ holder: String?) {
        recovered()
        let isNews = told.withLock { told in
            defer { told.holder = holder }
            return told.holder != holder
        }
        if isNews, let holder { logger.notice("Standing by: another leads", metadata: ["leader": "\(holder)"]) }
    }

    func released() { logger.notice("Gave the lease back") }

    func failed(_ what: String, _ error: KubernetesError) {
        let isNews = told.withLock { told in
            let trouble = "\(what) \(error.reason ?? error.message)"
            defer { told.trouble = trouble }
            return told.trouble != trouble
        }
        guard isNews else { return }
        logger.warning(
            "Can't \(what) the lease by which replicas agree on who acts; trying again until it works",
            metadata: ["error": "\(error)", "advice": "\(advice(error))"])
    }

    private func recovered() {
        let wasInTrouble = told.withLock { $0.trouble.take() != nil }
        if wasInTrouble { logger.info("The lease can be used again") }
    }

    private func advice(_ error: KubernetesError) -> String {
        if error.isForbidden {
            return "allow its service account to get, watch, create and patch leases in \(namespace)"
        }
        if error.isNotFound { return "make the namespace \(namespace), or name another one" }
        return "check that the API server runs and can be reached"
    }
}
