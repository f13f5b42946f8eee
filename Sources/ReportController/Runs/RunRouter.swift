import ControllerRuntime
import KubernetesModel
import ReportAPI
import ReportPlanning

/// Turns what changed in the cluster into the requests that have to be looked at.
struct RunRouter: Sendable {
    private let cache: ClusterCache
    private let setbacks: Setbacks<ObservedRun.Setback>
    private let doubts: PlaceDoubts
    private let obstacles: Obstacles
    private let made: MadeJobs
    private let queue: WorkQueue<ObjectKey>

    init(
        cache: ClusterCache, setbacks: Setbacks<ObservedRun.Setback>, doubts: PlaceDoubts, obstacles: Obstacles,
        made: MadeJobs, queue: WorkQueue<ObjectKey>
    ) {
        self.cache = cache
        self.setbacks = setbacks
        self.doubts = doubts
        self.obstacles = obstacles
        self.made = made
        self.queue = queue
    }

    /// Listens to every store.
    func connect() {
        doubts.onSettle(wakeWaiters(inGroup:))
        cache.requests.addHandler(requestChanged)
        cache.requests.addReadabilityHandler { key in
            queue.add(key)
            // Those that wait for an unreadable request name it, and those behind one that waits itself wait for it no more.
            if let last = cache.requests.get(key) { wakeWaiters(of: last) }
        }
        cache.pipelines.addHandler(pipelineChanged)
        cache.jobs.addHandler { change in
            // Most of a Job's events count pods; only its conditions and its deletion say anything new.
            if case .updated(let old, let new) = change, old.status?.conditions == new.status?.conditions,
                old.metadata.isDeleting == new.metadata.isDeleting
            {
                return
            }
            if case .deleted(let last) = change { remember(last) }
            childChanged(change.object.metadata, of: cache.owner(of: change.object))
        }
        cache.pods.addHandler { change in
            if case .updated(let old, let new) = change, old.status == new.status,
                old.metadata.isDeleting == new.metadata.isDeleting
            {
                return
            }
            childChanged(change.object.metadata, of: cache.owner(of: change.object))
        }
    }

    private func requestChanged(_ change: StoreChange<ReportRequest>) {
        switch change {
        case .added(let request):
            queue.add(request.key)
        case .updated(let old, let new):
            queue.add(new.key)
            if mattersToWaiters(old, new) { wakeWaiters(of: old) }
        case .deleted(let last):
            queue.add(last.key)
            setbacks.forget(last.metadata.uid)
            obstacles.forget(last.metadata.uid)
            doubts.settle(last.metadata.uid)
            made.forget(last.metadata.uid)
            if !(last.status?.isTerminal ?? false) { wakeWaiters(of: last) }
        }
    }

    /// Whether one that was before others ended, changed its place among them, or has started, so that another is next.
    private func mattersToWaiters(_ old: ReportRequest, _ new: ReportRequest) -> Bool {
        guard !(old.status?.isTerminal ?? false) else { return false }
        if old.status?.phase == .queued, new.status?.phase?.holdsSlot ?? false { return true }
        return new.status?.isTerminal ?? false || cache.position(of: old) != cache.position(of: new)
    }

    private func pipelineChanged(_ change: StoreChange<ReportPipeline>) {
        // Its status, or a label, concerns nobody.
        if case .updated(let old, let new) = change, old.isSameSpec(as: new) { return }
        let metadata = change.object.metadata
        // Those who arrived by the pipeline as it was stood before others, of a group where they may stand no more.
        let before: ReportPipeline? =
            switch change {
            case .added: nil
            case .updated(let old, _): old
            case .deleted(let last): last
            }
        let value = ClusterCache.Index.pipelineValue(namespace: metadata.namespace, name: metadata.name)
        for request in cache.requests.indexed(by: ClusterCache.Index.pipeline, value: value) {
            queue.add(request.key)
        }
        guard let spec = before?.spec.value else { return }
        wakeWaiters(
            inGroup: ConcurrencyGroup(namespace: metadata.namespace, pipeline: spec, name: metadata.name).id)
    }

    /// A Job that goes may be one that no status tells of yet.
    private func remember(_ job: Job) {
        guard let owner = cache.owner(of: job), let request = cache.request(owner),
            !(request.status?.isTerminal ?? false)
        else { return }
        made.note(job.metadata.name, uid: job.metadata.uid, of: owner.uid)
    }

    private func childChanged(_ metadata: ObjectMeta, of owner: OwnerKey?) {
        guard let owner else { return }
        let request = cache.request(owner)
        if let request { queue.add(request.key) }
        // What still runs of a request that is over, or gone, keeps others waiting.
        if !(request?.status?.phase?.holdsSlot ?? false), let group = metadata.labels[ReportsAPI.Label.concurrencyGroup]
        {
            wakeWaiters(inGroup: group, of: owner.namespace)
        }
    }

    private func wakeWaiters(of request: ReportRequest) {
        guard let group = cache.concurrencyGroup(of: request) else { return }
        wakeWaiters(inGroup: group.id)
    }

    /// Looks at those who are next, and at no others: the rest would only find that they still wait.
    private func wakeWaiters(inGroup id: String) { wakeWaiters(inGroup: id, of: nil) }

    /// `namespace`: the only one in which anybody is woken, where it was read off a label.
    private func wakeWaiters(inGroup id: String, of namespace: String?) {
        for request in cache.requests.front(of: id, in: ClusterCache.Order.waiting)
        where (namespace ?? request.metadata.namespace) == request.metadata.namespace {
            queue.add(request.key)
        }
    }
}
