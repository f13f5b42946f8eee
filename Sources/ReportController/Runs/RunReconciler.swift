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
    private let turnstile: Turnstile<ObjectKey>
    private let logger: Logger
    private let now: @Sendable () -> Date

    /// `wake` has a request looked at again.
    init(
        cache: ClusterCache,
        observer: RunObserver,
        applier: RunApplier,
        wake: @escaping @Sendable (ObjectKey) -> Void,
        logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        self.cache = cache
        self.observer = observer
        self.applier = applier
        turnstile = Turnstile(wake: wake)
        self.logger = logger
        self.now = now
    }

    func reconcile(_ key: ObjectKey) async throws -> ReconcileResult {
        // What is in the cache is old then, and nothing is to be written on its strength.
        let request = cache.requests.undecodable(key) == nil ? cache.requests.get(key) : nil
        let group = request.flatMap { turn(of: $0, by: cache.pipeline(of: $0)) }
        guard turnstile.enter(key, group: group) else { return .parked }
        defer { turnstile.leave(group) }
        guard let request else {
            if cache.requests.get(key) == nil { observer.forget(key) }
            return .done
        }
        try await applier.readBack(request)
        return try await pass(key, group)
    }

    /// Nothing is asked of what has ended of a run that is over: its status tells all of it. So memory follows from what
    /// runs and from the requests there are, and not from how many stages they had.
    private func forgetWhatIsOver(_ observed: ObservedRun) {
        guard observed.request.status?.isTerminal == true, !observed.request.mayTakePlace else { return }
        for job in observed.jobs where job.isFinished { cache.jobs.discard(job) }
        // A pod that says that nothing of its Job runs is heard until the Job says so itself.
        let unfinished = observed.jobs.filter { !$0.isFinished }
        for pod in observed.pods where pod.hasEnded && !unfinished.contains(where: pod.isOwned) {
            cache.pods.discard(pod)
        }
    }

    /// The group in which the pass may take a place, if it is one of those.
    private func turn(of request: ReportRequest, by pipeline: ReportPipeline?) -> String? {
        guard request.mayTakePlace else { return nil }
        return cache.concurrencyGroup(of: request, by: pipeline)?.id
    }

    private func pass(_ key: ObjectKey, _ group: String?) async throws -> ReconcileResult {
        let time = Timestamp(now())
        guard let observed = observer.observe(key, at: time) else { return .done }
        // Its pipeline may have become another one since, and with it the turnstile that it has to pass.
        guard turn(of: observed.request, by: observed.pipeline) == group else { return .requeue(after: .zero) }
        let plan = RunPlanner.plan(observed, now: time)
        // It may have gone while the pass went on, after everybody had heard of that.
        defer { applier.forgetIfGone(observed.request) }
        do {
            try await applier.apply(plan, to: observed.request)
        } catch let error as Stale {
            logger.debug(
                "Requeued",
                metadata: observed.request.logMetadata.merging(["why": "\(error)"]) { first, _ in first })
            return .lookAgain
        } catch let error as NotMade<ObservedRun.Setback> where error.isNew {
            logger.warning(
                "An object could not be created",
                metadata: observed.request.logMetadata.merging(["error": "\(error)"]) { first, _ in first })
            return .requeue(after: .zero)
        }
        if plan.isEmpty { forgetWhatIsOver(observed) }
        guard let wakeAt = plan.wakeAt else { return .done }
        // A little later than the second itself, so that the clock has surely reached it.
        let wait = max(0, wakeAt.date.timeIntervalSince(now())) + 0.01
        return .requeue(after: .seconds(wait))
    }
}

extension ReportRequest {
    /// Whether a pass may take a place in a concurrency group. A run that has one, or is over, takes none, unless
    /// another attempt is asked for.
    fileprivate var mayTakePlace: Bool {
        guard let status, let phase = status.phase else { return true }
        if status.isTerminal { return spec.value?.attempt ?? 1 > status.attempt ?? 1 }
        return !phase.holdsSlot
    }
}
