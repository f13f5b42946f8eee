import ControllerRuntime
import FoundationEssentials
import KubernetesModel
import Logging
import ReportAPI
import ReportPlanning

/// Observe, plan, apply: one pass for one request.
struct RunReconciler: Sendable {
    private let cache: ClusterCache
    private let observer: RunObserver
    private let applier: RunApplier
    private let setbacks: Setbacks<ObservedRun.Setback>
    private let turnstile = Turnstile()
    private let logger: Logger
    private let now: @Sendable () -> Date

    init(
        cache: ClusterCache,
        observer: RunObserver,
        applier: RunApplier,
        setbacks: Setbacks<ObservedRun.Setback>,
        logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        self.cache = cache
        self.observer = observer
        self.applier = applier
        self.setbacks = setbacks
        self.logger = logger
        self.now = now
    }

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let request = cache.requests.get(key) else { return .done }
        if concernsOthers(request), let group = cache.concurrencyGroup(of: request) {
            return try await turnstile.pass(group.id) { try await pass(key) }
        }
        return try await pass(key)
    }

    /// Whether the pass may take a place in a concurrency group, or create something that keeps one.
    private func concernsOthers(_ request: ReportRequest) -> Bool {
        guard let status = request.status, status.isTerminal else { return true }
        return request.spec.value?.attempt ?? 1 > status.attempt ?? 1
    }

    private func pass(_ key: ObjectKey) async throws -> ReconcileResult {
        guard let observed = observer.observe(key) else { return .done }
        let plan = RunPlanner.plan(observed, now: Timestamp(now()))
        do {
            try await applier.apply(plan, to: observed.request)
        } catch let error as Stale {
            logger.debug(
                "Looking again",
                metadata: observed.request.logMetadata.merging(["why": "\(error)"]) { first, _ in first })
            return .requeue(after: .milliseconds(100))
        } catch let error as NotMade<ObservedRun.Setback> where error.isNew {
            logger.warning(
                "An object could not be created",
                metadata: observed.request.logMetadata.merging(["error": "\(error)"]) { first, _ in first })
            return .requeue(after: .zero)
        }
        guard let wakeAt = plan.wakeAt else { return .done }
        // A little later than the second itself, so that the clock has surely reached it.
        let wait = max(0, wakeAt.date.timeIntervalSince(now())) + 0.01
        return .requeue(after: .seconds(wait))
    }
}
