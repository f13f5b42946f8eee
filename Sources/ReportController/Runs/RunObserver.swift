import ControllerRuntime
import KubernetesModel
import ReportAPI
import ReportPlanning

/// Gathers what a decision rests on, from the caches alone.
struct RunObserver: Sendable {
    private let cache: ClusterCache
    private let setbacks: Setbacks<ObservedRun.Setback>
    private let doubts: PlaceDoubts
    private let obstacles: Obstacles
    private let made: MadeJobs
    private let locks: SharedLocks
    /// Nil where there is no MongoDB.
    private let ledger: RecordLedger?
    /// Of what is told by way of Redis; nil where there is none.
    private let untold: Outbox?

    init(
        cache: ClusterCache, setbacks: Setbacks<ObservedRun.Setback>, doubts: PlaceDoubts, obstacles: Obstacles,
        made: MadeJobs, locks: SharedLocks, ledger: RecordLedger?, untold: Outbox?
    ) {
        self.cache = cache
        self.setbacks = setbacks
        self.doubts = doubts
        self.obstacles = obstacles
        self.made = made
        self.locks = locks
        self.ledger = ledger
        self.untold = untold
    }

    /// Nil when there is no such request any more.
    func observe(_ key: ObjectKey) -> ObservedRun? {
        guard let request = cache.requests.get(key) else { return nil }
        let uid = request.metadata.uid
        let pipeline = request.status?.accepted == nil ? cache.pipeline(of: request) : nil
        let isOver = request.status?.isTerminal ?? false
        let mayWait = !(request.status?.phase?.holdsSlot ?? false)
        let jobs = cache.jobs(of: request)
        return ObservedRun(
            request: request,
            pipeline: pipeline,
            jobs: jobs,
            made: made.of(uid),
            pods: cache.pods(of: request, jobs: jobs),
            queue: mayWait && !isSettled(request, isOver) ? queue(of: request, by: pipeline) : ObservedRun.Queue(),
            setbacks: setbacks.of(uid),
            obstacles: obstacles.of(uid),
            record: ledger?.record(of: request) ?? .notConfigured,
            lock: locks.state(of: uid),
            isUntold: untold?.contains(uid) ?? false)
    }

    private func isSettled(_ request: ReportRequest, _ isOver: Bool) -> Bool {
        isOver && request.spec.value?.attempt ?? 1 <= request.status?.attempt ?? 1
    }

    /// Who is before `request` in its concurrency group.
    private func queue(of request: ReportRequest, by pipeline: ReportPipeline?) -> ObservedRun.Queue {
        guard let group = cache.concurrencyGroup(of: request, by: pipeline) else { return ObservedRun.Queue() }
        let position = QueuePosition(request)
        let holders = doubts.inGroup(group.id)
            .union(cache.requests.indexed(by: ClusterCache.Index.holder, value: group.id).map(\.metadata.uid))
            .count { $0 != request.metadata.uid }
        let taken = holders + remnants(of: group, besides: request)
        // Where no place is left it has to wait whoever waits before it. To look at all of them in each pass would be most
        // of the work in a long queue, and so would be to judge who arrives.
        guard taken < group.limit else { return ObservedRun.Queue(holders: taken) }
        let waiting = cache.requests.indexed(by: ClusterCache.Index.group, value: group.id)
            .count {
                $0.metadata.uid != request.metadata.uid && $0.status?.phase == .queued && QueuePosition($0) < position
            }
        guard taken + waiting < group.limit else { return ObservedRun.Queue(holders: taken, waitingAhead: waiting) }
        let arriving = cache.requests.indexed(by: ClusterCache.Index.unaccepted, value: ClusterCache.Index.yes)
            .count { other in
                guard other.metadata.uid != request.metadata.uid, QueuePosition(other) < position,
                    cache.concurrencyGroup(of: other)?.id == group.id,
                    case .accepted = Acceptance.judge(other, pipeline: cache.pipeline(of: other))
                else { return false }
                return true
            }
        return ObservedRun.Queue(holders: taken, waitingAhead: waiting + arriving)
    }

    /// How many requests hold no place any more, or are gone, and something of them still runs.
    private func remnants(of group: ConcurrencyGroup, besides asker: ReportRequest) -> Int {
        let value = ClusterCache.Index.groupValue(namespace: asker.metadata.namespace, id: group.id)
        let jobs = cache.jobs.indexed(by: ClusterCache.Index.liveGroup, value: value)
        let pods = cache.pods.indexed(by: ClusterCache.Index.liveGroup, value: value)
        let owners = Set(jobs.compactMap(cache.owner(of:)) + pods.compactMap(cache.owner(of:)))
        return owners.count { owner in
            owner != asker.metadata.ownerKey && !(cache.request(owner)?.status?.phase?.holdsSlot ?? false)
        }
    }
}
