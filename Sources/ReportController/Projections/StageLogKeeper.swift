import AsyncSupport
import ControllerRuntime
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import ReportRecords
import ReportStores
import ServiceLifecycle
import Synchronization

/// What of stages' logs is in MongoDB.
protocol StageLogStore: Sendable {
    func podsWithLogs(of uid: String) async throws(StoreTrouble) -> Set<String>
    func keep(_ log: StageLog) async throws(StoreTrouble)
}

extension ReportStore: StageLogStore {}

/// Keeps the last of what each stage printed, once its container has ended or is being stopped. Nothing waits for it.
///
/// A node may write a container's last lines after it has told of its end. So what is kept is looked at again after a
/// moment, one line of it, and read again where it ends otherwise, until two looks agree. After a restart what is kept counts.
///
/// Only pods that are there can be read: one that is deleted at once takes its log with it. While MongoDB is away no log
/// is held in memory; the pods are read when it is back.
///
/// No `Projector`: it tells of pods, several workers read them at once, and each pod that can't be read waits by itself,
/// which a work queue does already.
final class StageLogKeeper: Sendable {
    private static let workers = 4
    private static let drainTimeout = Duration.seconds(2)
    /// How long a log that can't be read waits for its next try, and one that has grown for its next look; and how often
    /// either is done.
    private static let backoff = Backoff(first: .seconds(5), longest: .seconds(60))
    private static let tries = 6
    private static let storePause = Duration.seconds(30)

    private struct State {
        var progress = StageLogProgress()
        var isRefused = false
    }

    private let store: any StageLogStore
    private let client: KubernetesClient
    private let log: PodLog
    private let cache: ClusterCache
    private let queue: WorkQueue<ObjectKey>
    private let registry: MetricsRegistry
    private let kept: Counter
    private let clock: RuntimeClock
    private let logger: Logger
    private let state = Mutex(State())

    /// `logs`: where they are read, if not by `client`.
    init(
        store: any StageLogStore, client: KubernetesClient, logs: (any PodLogSource)? = nil, cache: ClusterCache,
        registry: MetricsRegistry, clock: RuntimeClock = .continuous, logger: Logger
    ) {
        self.store = store
        self.client = client
        log = PodLog(source: logs ?? client)
        self.cache = cache
        queue = WorkQueue(name: "stagelog", server: client.serverReturn, clock: clock, metrics: registry)
        self.registry = registry
        kept = registry.counter(
            "report_operator_stage_logs_total", help: "Stages' logs that were kept with the record.")
        self.clock = clock
        self.logger = logger
    }

    /// Reads and writes.
    var service: any Service {
        Controller(
            name: "stagelog", queue: queue, stores: cache.stores,
            options: .init(workers: Self.workers, drainTimeout: Self.drainTimeout), logger: logger, metrics: registry,
            clock: clock, reconcile: { [self] in await keepLogs(of: $0) })
    }

    /// Listens to the pods; and to requests whose pods had ended before this process began.
    func connect() {
        cache.pods.addHandler { [self] change in
            switch change {
            case .added(let pod), .updated(_, let pod):
                guard pod.printsNoMore || pod.metadata.isDeleting, let owner = cache.owner(of: pod),
                    let request = cache.request(owner),
                    update({ $0.note(pod, of: owner, hasEnded: pod.printsNoMore) })
                else { return }
                queue.add(request.key)
            case .deleted(let pod):
                guard let owner = cache.owner(of: pod) else { return }
                update { $0.forget([pod.metadata.uid], of: owner) }
            }
        }
        cache.requests.addHandler { [self] change in
            switch change {
            case .added(let request): if request.hasStartedStages { queue.add(request.key) }
            case .updated: return
            case .deleted(let request): update { $0.forget(request.metadata.ownerKey) }
            }
        }
    }

    func keepLogs(of key: ObjectKey) async -> ReconcileResult {
        guard let request = cache.requests.get(key) else { return .done }
        let owner = request.metadata.ownerKey
        var pods = cache.pods(of: request, jobs: cache.jobs(of: request))
        pods += read { $0.kept(of: owner) }.filter { kept in !pods.contains { $0.metadata.uid == kept.metadata.uid } }
        let missing = read { $0.unread(of: owner, besides: pods) }
        let isUnknown = pods.isEmpty && request.status?.isTerminal == true && request.hasStartedStages
        if isUnknown || !missing.isEmpty || pods.contains(where: { isUnread($0, owner) }) {
            let asked = await Result(catching: { () async throws(StoreTrouble) in
                try await store.podsWithLogs(of: owner.uid)
            })
            // What is wrong with MongoDB is said where records are written.
            guard case .success(let known) = asked else { return .requeue(after: Self.storePause) }
            // The cache has none of the pods of a run that is over.
            if !missing.subtracting(known).isEmpty || (isUnknown && known.isEmpty) {
                guard let listed = await list(of: owner) else { return .requeue(after: Self.storePause) }
                pods += listed.filter { pod in !pods.contains { $0.metadata.uid == pod.metadata.uid } }
            }
            for pod in pods where known.contains(pod.metadata.uid) && isUnread(pod, owner) { settle(pod, owner) }
            let gone = missing.subtracting(pods.map(\.metadata.uid))
            update { $0.forget(gone, of: owner) }
        }
        let readable = pods.filter { request.owns($0) && ($0.printsNoMore || $0.metadata.isDeleting) }
            // A later one of the same stage displaces an earlier one.
            .sorted { $0.metadata.creationTimestamp?.seconds ?? 0 < $1.metadata.creationTimestamp?.seconds ?? 0 }
        var pause: Duration?
        for pod in readable {
            if let wait = await look(at: pod, of: request) { pause = min(pause ?? wait, wait) }
        }
        return pause.map(ReconcileResult.requeue) ?? .done
    }

    private func list(of owner: OwnerKey) async -> [Pod]? {
        let listed = await Result(catching: { () async throws(KubernetesError) in
            try await client.listAll(
                Pod.self, namespace: owner.namespace,
                labelSelector: "\(ReportsAPI.Label.requestUID)=\(owner.uid)"
            ) { $0.trimmedForCache }.kept
        })
        return try? listed.get()
    }

    /// - Returns: how long to wait before it is looked at again; nil: until something is told of it.
    private func look(at pod: Pod, of request: ReportRequest) async -> Duration? {
        let owner = request.metadata.ownerKey
        guard case .open(let open) = read({ $0.step(of: pod, of: owner) }) else { return nil }
        let wait = open.notBefore - clock.now()
        guard wait <= .zero else { return wait }
        let hasEnded = pod.printsNoMore || open.hasEnded
        guard let kept = open.kept else { return await keep(pod, of: request, hasEnded: hasEnded) }
        // While it is being stopped it may print more at any time: its end is waited for.
        guard hasEnded else { return nil }
        switch await log.readEnd(of: pod) {
        case .read(let text) where text.end != kept.end:
            return await keep(pod, of: request, hasEnded: true, reads: kept.reads)
        case .read:
            settle(pod, owner)
            logger.debug("A stage's log is kept to its end", metadata: request.logMetadata(of: pod))
            return nil
        case .none:
            settle(pod, owner)
            return nil
        case .failed(let error): return failed(pod, request, error)
        }
    }

    /// `reads`: how often it was read before. What breaks off doesn't displace what was read then.
    ///
    /// - Returns: how long to wait before it is looked at again; nil: until something is told of it.
    private func keep(_ pod: Pod, of request: ReportRequest, hasEnded: Bool, reads: Int = 0) async -> Duration? {
        switch await log.read(pod, isEnding: !hasEnded) {
        case .none:
            settle(pod, request.metadata.ownerKey)
            return nil
        case .failed(let error):
            return failed(pod, request, error)
        case .read(let text):
            guard reads == 0 || text.isWhole else { return failed(pod, request, BrokenOff()) }
            guard let log = StageLog(pod, of: request, text.lines) else { return nil }
            let result = await Result(catching: { () async throws(StoreTrouble) in try await store.keep(log) })
            if case .failure(let trouble) = result {
                return failed(pod, request, trouble, isOver: trouble.isOutage || trouble.isSilence ? false : nil)
            }
            if reads == 0 { kept.increment() }
            logger.debug("Kept a stage's log", metadata: request.logMetadata(of: pod))
            return lookAgain(at: pod, of: request, text.end, reads: reads + 1)
        }
    }

    private func lookAgain(at pod: Pod, of request: ReportRequest, _ end: PodLog.End, reads: Int) -> Duration? {
        guard reads < Self.tries else {
            settle(pod, request.metadata.ownerKey)
            logger.warning("A stage's log goes on growing after its end", metadata: request.logMetadata(of: pod))
            return nil
        }
        let pause = Self.backoff.delay(failures: reads - 1)
        let due = clock.now() + pause
        let hasEnded = update { progress in
            progress.change(pod, of: request.metadata.ownerKey) { open in
                open = .init(
                    hasEnded: open.hasEnded || pod.printsNoMore, notBefore: due,
                    kept: .init(pod: pod, end: end, reads: reads))
            }
            return progress.hasEnded(pod, of: request.metadata.ownerKey)
        }
        return hasEnded ? pause : nil
    }

    /// `isOver`: whether it can't be mended by waiting; nil: it is known after some tries.
    private func failed(_ pod: Pod, _ request: ReportRequest, _ error: some Error, isOver: Bool? = nil) -> Duration? {
        guard !Task.isCancelled else { return nil }
        let owner = request.metadata.ownerKey
        if isOver == false {
            update { $0.change(pod, of: owner) { _ in } }
            return Self.storePause
        }
        var metadata = request.logMetadata(of: pod)
        metadata["error"] = "\(error)"
        if let error = error as? KubernetesError, error.isForbidden {
            settle(pod, owner)
            let isNews = state.withLock { state in
                defer { state.isRefused = true }
                return !state.isRefused
            }
            if isNews {
                metadata["advice"] = "allow the operator to get pods/log, or start it with --stage-logs off"
                logger.warning("Stages' logs can't be read, so they are not kept", metadata: metadata)
            }
            return nil
        }
        guard case .open(let open) = read({ $0.step(of: pod, of: owner) }) else { return nil }
        guard open.failures + 1 < Self.tries else {
            settle(pod, owner)
            logger.warning(
                open.kept == nil ? "A stage's log can't be kept" : "A stage's log is kept and may lack its last lines",
                metadata: metadata)
            return nil
        }
        let pause = Self.backoff.delay(failures: open.failures)
        let due = clock.now() + pause
        update { progress in
            progress.change(pod, of: owner) { open in
                open.failures += 1
                open.notBefore = due
            }
        }
        return pause
    }

    // MARK: What is known

    private func read<Value: Sendable>(_ body: (StageLogProgress) -> Value) -> Value {
        state.withLock { body($0.progress) }
    }

    @discardableResult
    private func update<Value: Sendable>(_ body: (inout StageLogProgress) -> Value) -> Value {
        state.withLock { body(&$0.progress) }
    }

    private func isUnread(_ pod: Pod, _ owner: OwnerKey) -> Bool {
        (pod.printsNoMore || pod.metadata.isDeleting) && read { $0.isUnread(pod, of: owner) }
    }

    private func settle(_ pod: Pod, _ owner: OwnerKey) { update { $0.settle(pod, of: owner) } }
}

/// What came of a log that had been read whole before.
private struct BrokenOff: Error, CustomStringConvertible {
    let description = "the log broke off before its end"
}

extension ReportRequest {
    /// Whether stages of it have begun, whose pods may be there still.
    fileprivate var hasStartedStages: Bool { status?.stages?.contains { $0.startedAt != nil } == true }

    fileprivate func logMetadata(of pod: Pod) -> Logger.Metadata {
        var metadata = logMetadata
        metadata["pod"] = "\(pod.metadata.name)"
        return metadata
    }
}

extension Pod {
    /// Whether the stage's own container has printed its last, whatever others do.
    fileprivate var printsNoMore: Bool {
        hasEnded
            || status?.containerStatuses?.contains {
                $0.name == StageJob.containerName && $0.state?.terminated != nil
            } == true
    }
}

extension StageLog {
    fileprivate init?(_ pod: Pod, of request: ReportRequest, _ lines: LastLines) {
        guard let place = pod.stageAndAttempt else { return nil }
        self.init(
            reportID: request.metadata.uid, namespace: request.metadata.namespace, name: request.metadata.name,
            attempt: place.attempt, stage: place.stage, pod: pod.metadata.name, podUID: pod.metadata.uid,
            podCreatedAt: (pod.metadata.creationTimestamp ?? Timestamp(seconds: 0)).date, text: lines.text,
            isCut: lines.isCut)
    }
}
