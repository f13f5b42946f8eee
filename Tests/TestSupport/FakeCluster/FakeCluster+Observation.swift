import KubernetesModel
import ReportAPI
package import ReportPlanning

/// How far behind each watch is, in changes of the world.
package struct Lag: Hashable, Sendable {
    package var request: Int
    package var jobs: Int
    package var pods: Int

    package init(request: Int = 0, jobs: Int = 0, pods: Int = 0) {
        self.request = request
        self.jobs = jobs
        self.pods = pods
    }
}

/// What an operator sees.
extension FakeCluster {
    /// What is observed for one request; nil once it is gone. A cache never goes back behind `since`, the request's
    /// version that it has shown already.
    package func observe(
        _ uid: String, lag: Lag = Lag(), since: String = "", setbacks: [String: ObservedRun.Setback] = [:]
    ) -> ObservedRun? {
        var requestLag = lag.request
        while requestLag > 0, isBehind(snapshot(requestLag).requests[uid], since) { requestLag -= 1 }
        guard let request = snapshot(requestLag).requests[uid]?.request else { return nil }
        let jobs = snapshot(lag.jobs).jobs.values.filter { $0.owner == uid }.map(\.job)
        let pods = snapshot(lag.pods).pods.values.filter { $0.owner == uid }.map(\.pod)
        return ObservedRun(
            request: request,
            jobs: jobs.sorted { $0.metadata.name < $1.metadata.name },
            pods: pods.sorted { $0.metadata.name < $1.metadata.name },
            queue: queue(for: request),
            setbacks: setbacks,
            record: record(of: request),
            lock: lockState(of: uid))
    }

    private func snapshot(_ lag: Int) -> World {
        lag == 0 ? world : history[max(0, history.count - 1 - lag)]
    }

    private func isBehind(_ snapshot: ReportRequestSnapshot?, _ version: String) -> Bool {
        guard let snapshot else { return true }
        return ResourceVersion.isOlder(snapshot.request.metadata.resourceVersion, than: version)
    }

    /// The others of the request's group, from the resources alone.
    private func queue(for request: ReportRequest) -> ObservedRun.Queue {
        guard let group = group(of: request) else { return ObservedRun.Queue() }
        let others = world.requests.values.map(\.request).filter {
            $0.metadata.uid != request.metadata.uid && self.group(of: $0)?.id == group.id
        }
        let position = QueuePosition(request)
        let orphans = Set(
            world.jobs.values.filter { self.request($0.owner) == nil && !$0.job.isFinished }.map(\.owner)
                + world.pods.values.filter { self.request($0.owner) == nil && !$0.pod.hasEnded }.map(\.owner))
        return ObservedRun.Queue(
            holders: others.count { $0.status?.phase?.holdsSlot == true } + orphans.count,
            waitingAhead: others.count {
                $0.status?.phase ?? .queued == .queued && $0.spec.value?.cancel != true && !$0.metadata.isDeleting
                    && QueuePosition($0) < position
            })
    }

    /// The requests that truly run, or that have a place to.
    package var holding: Set<String> {
        let placed = world.requests.filter { $0.value.request.status?.phase?.holdsSlot == true }.map(\.key)
        let running = world.jobs.values.map(\.owner) + world.pods.values.map(\.owner)
        return Set(placed + running.filter(runs))
    }

    private func group(of request: ReportRequest) -> ConcurrencyGroup? {
        if let group = ConcurrencyGroup(request) { return group }
        guard case .accepted(let run) = Acceptance.judge(request, pipeline: nil) else { return nil }
        return ConcurrencyGroup(
            namespace: request.metadata.namespace, pipeline: run.pipeline, name: ConcurrencyGroup.name(for: request))
    }
}
