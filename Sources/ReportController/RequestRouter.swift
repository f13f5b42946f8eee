package import ControllerRuntime
package import KubernetesModel
import ReportAPI
import ReportPlanning

/// Turns what changed in the cluster into the requests that have to be looked at.
package struct RequestRouter: Sendable {
    private let cache: ClusterCache
    private let setbacks: Setbacks
    private let queue: WorkQueue<ObjectKey>

    package init(cache: ClusterCache, setbacks: Setbacks, queue: WorkQueue<ObjectKey>) {
        self.cache = cache
        self.setbacks = setbacks
        self.queue = queue
    }

    /// Listens to every store.
    package func connect() {
        cache.requests.addHandler(requestChanged)
        cache.pipelines.addHandler(pipelineChanged)
        cache.jobs.addHandler { change in
            guard isRelevant(change, of: { ($0.status?.conditions, $0.metadata.isDeleting) }) else { return }
            childChanged(change.object.metadata)
        }
        cache.pods.addHandler { change in
            guard isRelevant(change, of: { ($0.status, $0.metadata.isDeleting) }) else { return }
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
            setbacks.forget(request: last.metadata.uid)
            if !(last.status?.isTerminal ?? false) { wakeWaiters(of: last) }
        }
    }

    /// Whether one that stood before others ended, or changed its place among them.
    private func mattersToWaiters(_ old: ReportRequest, _ new: ReportRequest) -> Bool {
        guard !(old.status?.isTerminal ?? false) else { return false }
        return new.status?.isTerminal ?? false || QueuePosition(old) != QueuePosition(new)
    }

    private func pipelineChanged(_ change: StoreChange<ReportPipeline>) {
        let metadata = change.object.metadata
        let value = ClusterCache.Index.pipelineValue(namespace: metadata.namespace, name: metadata.name)
        for request in cache.requests.indexed(by: ClusterCache.Index.pipeline, value: value) {
            queue.add(request.key)
        }
    }

    private func childChanged(_ metadata: ObjectMeta) {
        guard let uid = metadata.labels[ReportsAPI.Label.requestUID] else { return }
        if let request = cache.request(uid: uid) {
            queue.add(request.key)
        } else if let group = metadata.labels[ReportsAPI.Label.concurrencyGroup] {
            wakeWaiters(inGroup: group)
        }
    }

    private func isRelevant<R: KubernetesResource, each Aspect: Equatable>(
        _ change: StoreChange<R>, of aspects: (R) -> (repeat each Aspect)
    ) -> Bool {
        guard case .updated(let old, let new) = change else { return true }
        let (before, after) = (aspects(old), aspects(new))
        for isSame in repeat (each before) == (each after) where !isSame { return true }
        return false
    }

    private func wakeWaiters(of request: ReportRequest) {
        guard let group = cache.concurrencyGroup(of: request) else { return }
        wakeWaiters(inGroup: group.id)
    }

    /// Looks at those who are next, and at no others: the rest would only find that they still wait.
    private func wakeWaiters(inGroup id: String) {
        let waiting = cache.requests.indexed(by: ClusterCache.Index.group, value: id)
            .filter { $0.status?.phase == .queued }
            .map { (position: QueuePosition($0), request: $0) }
            .sorted { $0.position < $1.position }
        let limit = waiting.compactMap { ConcurrencyGroup($0.request)?.limit }.max() ?? 0
        for (_, request) in waiting.prefix(limit) { queue.add(request.key) }
    }
}
