import ControllerRuntime
import KubernetesModel
import ReportAPI
import ReportPlanning

/// Turns what changed in the cluster into the requests that have to be looked at.
struct RunRouter: Sendable {
    private let cache: ClusterCache
    private let setbacks: Setbacks<ObservedRun.Setback>
    private let troubles: Troubles
    private let doubts: PlaceDoubts
    private let queue: WorkQueue<ObjectKey>

    init(
        cache: ClusterCache, setbacks: Setbacks<ObservedRun.Setback>, troubles: Troubles, doubts: PlaceDoubts,
        queue: WorkQueue<ObjectKey>
    ) {
        self.cache = cache
        self.setbacks = setbacks
        self.troubles = troubles
        self.doubts = doubts
        self.queue = queue
    }

    /// Listens to every store.
    func connect() {
        doubts.onSettle(wakeWaiters(inGroup:))
        cache.requests.addHandler(requestChanged)
        cache.pipelines.addHandler(pipelineChanged)
        cache.jobs.addHandler { change in
            // Most of a Job's events count pods; only its conditions and its deletion say anything new.
            if case .updated(let old, let new) = change, old.status?.conditions == new.status?.conditions,
                old.metadata.isDeleting == new.metadata.isDeleting
            {
                return
            }
            childChanged(change.object.metadata)
        }
        cache.pods.addHandler { change in
            if case .updated(let old, let new) = change, old.status == new.status,
                old.metadata.isDeleting == new.metadata.isDeleting
            {
                return
            }
            childChanged(change.object.metadata)
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
            troubles.forget(last.metadata.uid)
            cache.arrivals.forget(last.metadata.uid)
            doubts.settle(last.metadata.uid)
            if !(last.status?.isTerminal ?? false) { wakeWaiters(of: last) }
        }
    }

    /// Whether one that stood before others ended, or changed its place among them.
    private func mattersToWaiters(_ old: ReportRequest, _ new: ReportRequest) -> Bool {
        guard !(old.status?.isTerminal ?? false) else { return false }
        return new.status?.isTerminal ?? false || cache.position(of: old) != cache.position(of: new)
    }

    private func pipelineChanged(_ change: StoreChange<ReportPipeline>) {
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

    private func childChanged(_ metadata: ObjectMeta) {
        guard let uid = metadata.labels[ReportsAPI.Label.requestUID] else { return }
        let request = cache.request(uid: uid)
        if let request { queue.add(request.key) }
        // What still runs of a request that is over, or gone, keeps others waiting.
        if !(request?.status?.phase?.holdsSlot ?? false), let group = metadata.labels[ReportsAPI.Label.concurrencyGroup]
        {
            wakeWaiters(inGroup: group)
        }
    }

    private func wakeWaiters(of request: ReportRequest) {
        guard let group = cache.concurrencyGroup(of: request) else { return }
        wakeWaiters(inGroup: group.id)
    }

    /// Looks at those who are next, and at no others: the rest would only find that they still wait.
    private func wakeWaiters(inGroup id: String) {
        let waiting = cache.requests.indexed(by: ClusterCache.Index.group, value: id)
            .filter { $0.status?.phase == .queued }
            .map { (position: cache.position(of: $0), request: $0) }
            .sorted { $0.position < $1.position }
        let limit = waiting.compactMap { ConcurrencyGroup($0.request)?.limit }.max() ?? 0
        for (_, request) in waiting.prefix(limit) { queue.add(request.key) }
    }
}
