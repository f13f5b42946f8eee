import AsyncSupport
import ControllerRuntime
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportPlanning

/// Carries plans out: the actions in order up to the first that fails, then the status.
///
/// What the API server answers goes into the cache at once, so that the next look sees it before the watch tells.
struct RunApplier: Sendable {
    let writer: ClusterWriter
    let cache: ClusterCache
    let setbacks: Setbacks<ObservedRun.Setback>
    let doubts: PlaceDoubts
    let obstacles: Obstacles
    let made: MadeJobs
    let locks: SharedLocks
    let published: PublishedRows
    /// What this operator writes on the requests that it takes up; nil: nothing.
    let operatorName: String?
    /// Nil where no deliveries are made.
    let deliveries: DeliveryReach?
    let metrics: ReportMetrics
    let logger: Logger
    let now: @Sendable () -> Date

    init(
        writer: ClusterWriter, cache: ClusterCache, setbacks: Setbacks<ObservedRun.Setback>, doubts: PlaceDoubts,
        obstacles: Obstacles, made: MadeJobs, locks: SharedLocks, published: PublishedRows = PublishedRows(),
        operatorName: String? = nil, deliveries: DeliveryReach? = nil, metrics: ReportMetrics, logger: Logger,
        now: @escaping @Sendable () -> Date
    ) {
        self.operatorName = operatorName
        self.writer = writer
        self.cache = cache
        self.setbacks = setbacks
        self.doubts = doubts
        self.obstacles = obstacles
        self.made = made
        self.locks = locks
        self.published = published
        self.deliveries = deliveries
        self.metrics = metrics
        self.logger = logger
        self.now = now
    }

    func apply(_ plan: RunPlan, to request: ReportRequest) async throws {
        var created: [Job] = []
        // Nothing else waits for what goes out.
        var trouble: (any Error)?
        for action in plan.actions {
            if case .createDelivery(let delivery) = action {
                do { try await create(delivery, for: request) } catch { trouble = trouble ?? error }
                continue
            }
            if let job = try await perform(action, for: request) { created.append(job) }
        }
        if let status = plan.status {
            try await write(status.noting(created), to: request)
        }
        if let trouble { throw trouble }
    }

    /// - Returns: the Job that was created, or had been before.
    private func perform(_ action: RunAction, for request: ReportRequest) async throws -> Job? {
        switch action {
        case .setFinalizers(let finalizers, let marking):
            try await set(finalizers, marking: marking, of: request)
        case .takeSharedLock(let group):
            locks.take(group, for: request)
        case .keepSharedLock(let group, let fence):
            locks.keep(group, fence: fence, for: request)
        case .releaseSharedLock(let group):
            locks.release(group, of: request)
        case .createWorkspaceClaim(let name, let manifest):
            _ = try await create(PersistentVolumeClaim.self, name: name, manifest: manifest, for: request)
        case .deleteWorkspaceClaim(let name):
            try await deleteWorkspaceClaim(name, of: request)
        case .createJob(let name, let manifest):
            let job = try await create(Job.self, name: name, manifest: manifest, for: request)
            made.note(name, uid: job.metadata.uid, of: request.metadata.uid)
            try await takeBack(job, of: request)
            return job
        case .deleteJob(let name, let uid):
            try await delete(Job.self, name: name, uid: uid, propagation: .foreground, of: request)
        case .confirmJobIsGone(let name):
            try await confirmJobIsGone(name, of: request)
        case .confirmNothingRuns:
            try await confirmNothingRuns(of: request)
        case .readEvents(let object):
            await readEvents(of: object, for: request)
        case .readPublished:
            published.ask(for: request.metadata.uid, request.key)
        case .createDelivery:
            break
        case .confirmDeliveryIsGone(let name):
            try await confirmDeliveryIsGone(name, of: request)
        case .deleteRequest:
            logger.info("Deleting request whose time is over", metadata: request.logMetadata)
            try await delete(
                ReportRequest.self, name: request.metadata.name, uid: request.metadata.uid,
                resourceVersion: request.metadata.resourceVersion, propagation: .background, of: request)
        }
        return nil
    }

    /// Forgets what was noted of a request that is gone, since nobody will tell of its end again. A doubt that stayed would
    /// keep its place in the queue for ever.
    func forgetIfGone(_ request: ReportRequest) {
        guard cache.request(request.metadata.ownerKey) == nil else { return }
        let uid = request.metadata.uid
        setbacks.forget(uid)
        obstacles.forget(uid)
        published.forget(uid)
        made.forget(uid)
        doubts.settle(uid)
    }

    // MARK: Status

    private func write(_ status: ReportRequestStatus, to request: ReportRequest) async throws {
        guard try await patch(status, of: request) else { return }
        metrics.runs.changed(request, to: status)
        guard status.phase != request.status?.phase else { return }
        var metadata = request.logMetadata
        metadata["phase"] = "\(status.phase?.rawValue ?? "")"
        metadata["reason"] = "\(status.reason ?? "")"
        logger.info("Request changed phase", metadata: metadata)
        if status.isTerminal {
            setbacks.forget(request.metadata.uid)
            obstacles.forget(request.metadata.uid)
            published.forget(request.metadata.uid)
            made.forget(request.metadata.uid)
            if !status.isRestored { metrics.finished(status.phase) }
        }
    }

    /// - Returns: false when the request is gone, and its status with it.
    private func patch(_ status: ReportRequestStatus, of request: ReportRequest) async throws -> Bool {
        let patch = RequestStatusPatch(request, to: status)
        do {
            return try await writer.patch(
                cache.requests, name: request.metadata.name, namespace: request.metadata.namespace,
                merge: patch, subresource: .status) != nil
        } catch {
            if let error = error as? KubernetesError, error.outcomeUnknown {
                doubts.raise(request, wanting: status)
                try await readBack(request)
            }
            if let error = error as? KubernetesError, error.refusesStatus {
                throw setbacks.note(
                    .refused(error.message), of: ObservedRun.statusSetback, owner: request.metadata.uid)
            }
            throw error
        }
    }

    /// Learns whether a status was written whose answer was lost: it may have taken a place. Until that is known the
    /// slot counts as taken for all others of the concurrency group, and this request is read back before
    /// anything else is done for it.
    func readBack(_ request: ReportRequest) async throws {
        guard doubts.contains(request.metadata.uid) else { return }
        let found: ReportRequest?
        do {
            found = try await writer.find(
                ReportRequest.self, name: request.metadata.name, namespace: request.metadata.namespace)
        } catch {
            var metadata = request.logMetadata
            metadata["error"] = "\(error)"
            logger.warning("Status write outcome unknown; read-back failed", metadata: metadata)
            throw error
        }
        if let found { cache.requests.record(found) }
        doubts.settle(request.metadata.uid)
    }

    // MARK: Finalizers

    private func set(_ finalizers: [String], marking: Bool, of request: ReportRequest) async throws {
        do {
            try await writer.patch(
                cache.requests, name: request.metadata.name, namespace: request.metadata.namespace,
                merge: FinalizerPatch(request, to: finalizers, marking: marking, operatorName: operatorName))
        } catch {
            guard marking, let error = error as? KubernetesError, error.isInvalid else { throw error }
            throw setbacks.note(.refused(error.message), of: ObservedRun.markSetback, owner: request.metadata.uid)
        }
    }

    // MARK: Creating

    private func create<R: KubernetesResource>(
        _ type: R.Type, name: String, manifest: JSONValue, for request: ReportRequest
    ) async throws -> R {
        switch try await writer.create(type, manifest: manifest, namespace: request.metadata.namespace) {
        case .created(let created):
            setbacks.clear(name, owner: request.metadata.uid)
            log("Created object", R.resourceKind, name, of: request)
            return created
        case .nameIsTaken:
            return try await existing(type, name: name, of: request)
        case .refused(let message):
            throw setbacks.note(.refused(message), of: name, owner: request.metadata.uid)
        case .postponed(let message):
            throw setbacks.note(
                .postponed(message), of: name, owner: request.metadata.uid,
                patience: request.startTimeout(ofObject: name))
        }
    }

    /// What has the name already: made by an earlier pass whose answer was lost, or somebody else's.
    private func existing<R: KubernetesResource>(
        _ type: R.Type, name: String, of request: ReportRequest
    ) async throws -> R {
        guard
            let found = try await writer.find(type, name: name, namespace: request.metadata.namespace)
        else { throw Stale(what: "the \(R.resourceKind.kind) has just gone") }
        guard found.metadata.controller(of: ReportRequest.resourceKind)?.uid == request.metadata.uid else {
            throw setbacks.note(
                .refused("\(R.resourceKind.kind) \"\(name)\" exists already and belongs to something else"),
                of: name, owner: request.metadata.uid)
        }
        metrics.duplicatesPrevented.increment()
        setbacks.clear(name, owner: request.metadata.uid)
        return found
    }

    // MARK: Reading

    /// A look that fails harms nothing but the explanation, so the plan goes on.
    private func readEvents(of object: Event.Reference, for request: ReportRequest) async {
        var news = ObservedRun.Obstacle.News.nothing
        do {
            news = try await writer.latestNews(of: object, namespace: request.metadata.namespace)
        } catch {
            var metadata = request.logMetadata
            metadata["object"] = "\(object.kind ?? "")/\(object.name ?? "")"
            metadata["error"] = "\(error)"
            logger.warning("Can't read the events of what doesn't start", metadata: metadata)
        }
        obstacles.note(news, of: object.id, request: request.metadata.uid, at: Timestamp(now()))
    }

    // MARK: Deleting

    private func delete<R: KubernetesResource>(
        _ type: R.Type, name: String, uid: String, resourceVersion: String? = nil,
        propagation: DeleteOptions.Propagation, of request: ReportRequest
    ) async throws {
        let options = DeleteOptions(propagation: propagation, uid: uid, resourceVersion: resourceVersion)
        if try await writer.delete(type, name: name, namespace: request.metadata.namespace, options: options) {
            log("Deleted object", R.resourceKind, name, of: request)
        }
    }

    private func deleteWorkspaceClaim(_ name: String, of request: ReportRequest) async throws {
        let found = try await writer.find(
            PersistentVolumeClaim.self, name: name, namespace: request.metadata.namespace)
        guard let found, found.metadata.controller?.uid == request.metadata.uid, !found.metadata.isDeleting else {
            return
        }
        try await delete(
            PersistentVolumeClaim.self, name: name, uid: found.metadata.uid, propagation: .background, of: request)
    }

    // MARK: Shared

    func log(_ message: Logger.Message, _ kind: ResourceKind, _ name: String, of request: ReportRequest) {
        var metadata = request.logMetadata
        metadata["object"] = "\(kind.qualifiedName)/\(name)"
        logger.info(message, metadata: metadata)
    }
}

extension ReportRequest {
    /// What every log line about a request says.
    var logMetadata: Logger.Metadata {
        ["request": "\(metadata.key)", "request.uid": "\(metadata.uid)"]
    }
}

extension KubernetesError {
    /// Whether the API server, or etcd behind it, will never take a status as it is.
    fileprivate var refusesStatus: Bool {
        isInvalid || code == 400 || code == 413 || message.contains("request is too large")
            || message.contains("message larger than max")
    }
}

extension ReportRequest {
    /// For how long the object of that name may be put off: a Job for as long as its stage may take to start, if that says so, and
    /// what all stages need for the shortest of these times; nil: as usual.
    fileprivate func startTimeout(ofObject name: String) -> Duration? {
        let stages = status?.accepted?.pipeline.stages ?? []
        let own = stages.first {
            ObjectNames.job(of: metadata, stage: $0.name, attempt: status?.attempt ?? 1) == name
        }
        let seconds = own.map { $0.startTimeout?.seconds } ?? stages.compactMap { $0.startTimeout?.seconds }.min()
        return seconds.map { .seconds($0) }
    }
}
