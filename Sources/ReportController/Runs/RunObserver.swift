import ControllerRuntime
import KubernetesModel
import ReportAPI
import ReportPlanning

/// Gathers what a decision rests on, from the caches alone.
struct RunObserver: Sendable {
    private let cache: ClusterCache
    private let setbacks: Setbacks<ObservedRun.Setback>
    private let doubts: PlaceDoubts
    private let locks: SharedLocks
    /// Nil where there is no MongoDB.
    private let ledger: RecordLedger?
    /// Of what is told by way of Redis; nil where there is none.
    private let untold: Outbox?

    init(
        cache: ClusterCache, setbacks: Setbacks<ObservedRun.Setback>, doubts: PlaceDoubts, locks: SharedLocks,
        ledger: RecordLedger?, untold: Outbox?
    ) {
        self.cache = cache
        self.setbacks = setbacks
        self.doubts = doubts
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
        return ObservedRun(
            request: request,
            pipeline: pipeline,
            jobs: cache.jobs.indexed(by: ClusterCache.Index.request, value: uid).filter {
                $0.metadata.controller?.uid == uid
            },
            pods: cache.pods.indexed(by: ClusterCache.Index.request, value: uid),
            queue: mayWait && !isSettled(request, isOver) ? queue(of: request, by: pipeline) : ObservedRun.Queue(),
            setbacks: setbacks.of(uid),
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
        // With no free slot it must wait, whatever is ahead of it. To look at all of them in each pass would be most
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
        let jobs = cache.jobs.indexed(by: ClusterCache.Index.liveGroup, value: group.id).map(\.metadata)
        let pods = cache.pods.indexed(by: ClusterCache.Index.liveGroup, value: group.id).map(\.metadata)
        let owners = Set((jobs + pods).compactMap { $0.labels[ReportsAPI.Label.requestUID] })
        return owners.count { uid in
            uid != asker.metadata.uid && !(cache.request(uid: uid)?.status?.phase?.holdsSlot ?? false)
        }
    }
}
