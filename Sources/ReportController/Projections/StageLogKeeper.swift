import AsyncSupport
import ControllerRuntime
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import Metrics
import ReportAPI
import ReportPlanning
import ReportRecords
import ReportStores
import ServiceLifecycle
import Synchronization

/// Keeps the last of what each stage printed, once its container has ended or is being stopped. Nothing waits for it.
///
/// Only pods that are there can be read: one that is deleted at once takes its log with it. While MongoDB is away nothing
/// is held in memory; the pods are read when it is back.
///
/// No `Projector`: it tells of pods, several workers read them at once, and each pod that can't be read waits by itself,
/// which a work queue does already.
final class StageLogKeeper: Sendable {
    private static let workers = 4
    private static let drainTimeout = Duration.seconds(2)
    /// How long a log that can't be read waits for its next try, and how often it is tried.
    private static let backoff = Backoff(first: .seconds(2), longest: .seconds(60))
    private static let tries = 6
    private static let storePause = Duration.seconds(30)

    private struct State {
        /// The uids of pods whose logs need no more looking after, while the pods are there.
        var settled: Set<String> = []
        var failures: [String: Int] = [:]
        var isRefused = false
    }

    private let store: ReportStore
    private let client: KubernetesClient
    private let log: PodLog
    private let cache: ClusterCache
    private let queue: WorkQueue<ObjectKey>
    private let registry: MetricsRegistry
    private let kept: Counter
    private let logger: Logger
    private let state = Mutex(State())

    init(
        store: ReportStore, client: KubernetesClient, cache: ClusterCache, registry: MetricsRegistry, logger: Logger
    ) {
        self.store = store
        self.client = client
        log = PodLog(client: client)
        self.cache = cache
        queue = WorkQueue(name: "stagelog", metrics: registry)
        self.registry = registry
        kept = registry.counter(
            "report_operator_stage_logs_total", help: "Stages' logs that were kept with the record.")
        self.logger = logger
    }

    /// Reads and writes.
    var service: any Service {
        Controller(
            name: "stagelog", queue: queue, stores: cache.stores,
            options: .init(workers: Self.workers, drainTimeout: Self.drainTimeout), logger: logger, metrics: registry,
            reconcile: { [self] in await keepLogs(of: $0) })
    }

    /// Listens to the pods; and to requests that were over before this process began.
    func connect() {
        cache.pods.addHandler { [self] change in
            switch change {
            case .added(let pod), .updated(_, let pod):
                guard pod.printsNoMore || pod.metadata.isDeleting, !isSettled(pod),
                    let owner = cache.owner(of: pod), let request = cache.request(owner)
                else { return }
                queue.add(request.key)
            case .deleted(let pod):
                forget(pod)
            }
        }
        cache.requests.addHandler { [queue] change in
            if case .added(let request) = change, request.hasEndedStages { queue.add(request.key) }
        }
    }

    private func keepLogs(of key: ObjectKey) async -> ReconcileResult {
        guard let request = cache.requests.get(key) else { return .done }
        let asked = await Result(catching: { () async throws(StoreTrouble) in
            try await store.podsWithLogs(of: request.metadata.uid)
        })
        // What is wrong with MongoDB is said where records are written.
        guard case .success(let known) = asked else { return .requeue(after: Self.storePause) }
        var pause: Duration?
        for pod in await pods(of: request, known: known) where !isSettled(pod) {
            if known.contains(pod.metadata.uid) {
                settle(pod)
            } else if let wait = await keep(pod, of: request) {
                pause = max(pause ?? wait, wait)
            }
        }
        return pause.map(ReconcileResult.requeue) ?? .done
    }

    /// Those that have something to read. Of a run that is over the API server is asked, where the cache has none of its pods.
    private func pods(of request: ReportRequest, known: Set<String>) async -> [Pod] {
        let uid = request.metadata.uid
        var pods = cache.pods(of: request, jobs: cache.jobs(of: request))
        if pods.isEmpty, known.isEmpty, request.hasEndedStages {
            let listed = await Result(catching: { () async throws(KubernetesError) in
                try await client.list(
                    Pod.self, namespace: request.metadata.namespace,
                    options: ListOptions(labelSelector: "\(ReportsAPI.Label.requestUID)=\(uid)")
                ).items
            })
            pods = (try? listed.get()) ?? []
        }
        return pods.filter { request.owns($0) && ($0.printsNoMore || $0.metadata.isDeleting) }
            // A later one of the same stage displaces an earlier one.
            .sorted { $0.metadata.creationTimestamp?.seconds ?? 0 < $1.metadata.creationTimestamp?.seconds ?? 0 }
    }

    /// - Returns: how long to wait before it is tried again; nil: it is settled.
    private func keep(_ pod: Pod, of request: ReportRequest) async -> Duration? {
        switch await log.read(pod, isEnding: !pod.printsNoMore) {
        case .none:
            settle(pod)
            return nil
        case .failed(let error):
            return failed(pod, request, error)
        case .read(let lines):
            guard let log = StageLog(pod, of: request, lines) else { return nil }
            let result = await Result(catching: { () async throws(StoreTrouble) in try await store.keep(log) })
            switch result {
            case .success:
                kept.increment()
                settle(pod)
                var metadata = request.logMetadata
                metadata["pod"] = "\(pod.metadata.name)"
                logger.debug("Kept a stage's log", metadata: metadata)
                return nil
            case .failure(let trouble):
                return failed(pod, request, trouble, isOver: trouble.isOutage || trouble.isSilence ? false : nil)
            }
        }
    }

    /// `isOver`: whether it can't be mended by waiting; nil: it is known after some tries.
    private func failed(_ pod: Pod, _ request: ReportRequest, _ error: some Error, isOver: Bool? = nil) -> Duration? {
        guard !Task.isCancelled else { return nil }
        if isOver == false { return Self.storePause }
        var metadata = request.logMetadata
        metadata["pod"] = "\(pod.metadata.name)"
        metadata["error"] = "\(error)"
        if let error = error as? KubernetesError, error.isForbidden {
            settle(pod)
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
        let failures = state.withLock { state in
            state.failures[pod.metadata.uid, default: 0] += 1
            return state.failures[pod.metadata.uid, default: 0]
        }
        guard failures >= Self.tries else { return Self.backoff.delay(failures: failures - 1) }
        settle(pod)
        logger.warning("A stage's log can't be kept", metadata: metadata)
        return nil
    }

    private func isSettled(_ pod: Pod) -> Bool { state.withLock { $0.settled.contains(pod.metadata.uid) } }

    private func settle(_ pod: Pod) {
        state.withLock { state in
            state.failures[pod.metadata.uid] = nil
            state.settled.insert(pod.metadata.uid)
        }
    }

    private func forget(_ pod: Pod) {
        state.withLock { state in
            state.failures[pod.metadata.uid] = nil
            state.settled.remove(pod.metadata.uid)
        }
    }
}

extension ReportRequest {
    /// Whether it is over and stages of it ran, whose pods may be there still.
    fileprivate var hasEndedStages: Bool {
        status?.isTerminal == true && status?.stages?.contains { $0.startedAt != nil } == true
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
