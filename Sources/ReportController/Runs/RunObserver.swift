import ControllerRuntime
import KubernetesModel
import ReportAPI
import ReportPlanning
import ZoneFiles

/// Gathers what a decision rests on, from the caches alone.
struct RunObserver: Sendable {
    private let cache: ClusterCache
    private let setbacks: Setbacks<ObservedRun.Setback>
    private let doubts: PlaceDoubts
    private let obstacles: Obstacles
    private let made: MadeJobs
    private let locks: SharedLocks
    private let published: PublishedRows
    /// Nil where there is no MongoDB.
    private let ledger: RecordLedger?
    /// Of what is told by way of Redis; nil where there is none.
    private let untold: Outbox?
    private let inlinePipelines: InlinePipelineReach
    /// Nil where no deliveries are made.
    private let deliveries: DeliveryReach?
    let seen = SeenTimes()
    let judgements = ArrivalJudgements()
    private let zones = ZoneFiles()

    init(
        cache: ClusterCache, setbacks: Setbacks<ObservedRun.Setback>, doubts: PlaceDoubts, obstacles: Obstacles,
        made: MadeJobs, locks: SharedLocks, published: PublishedRows = PublishedRows(), ledger: RecordLedger?,
        untold: Outbox?, inlinePipelines: InlinePipelineReach = .everywhere, deliveries: DeliveryReach? = nil
    ) {
        self.cache = cache
        self.setbacks = setbacks
        self.doubts = doubts
        self.obstacles = obstacles
        self.made = made
        self.locks = locks
        self.published = published
        self.ledger = ledger
        self.untold = untold
        self.inlinePipelines = inlinePipelines
        self.deliveries = deliveries
    }

    /// Nil when there is no such request any more. `now`: from when on waits count for what is new; without it they count by
    /// Kubernetes' clock.
    func observe(_ key: ObjectKey, at now: Timestamp? = nil) -> ObservedRun? {
        guard let request = cache.requests.get(key) else {
            forget(key)
            return nil
        }
        if !request.isUnaccepted { judgements.forget(key) }
        let uid = request.metadata.uid
        let pipeline = request.status?.accepted == nil ? cache.pipeline(of: request) : nil
        let isOver = request.status?.isTerminal ?? false
        let mayWait = !(request.status?.phase?.holdsSlot ?? false)
        let jobs = cache.jobs(of: request)
        let pods = cache.pods(of: request, jobs: jobs)
        let sightings = isOver ? Sightings() : Sightings(of: jobs, pods, request.status)
        let (queue, line) =
            mayWait && !isSettled(request, isOver)
            ? queue(of: request, by: pipeline) : (ObservedRun.Queue(), QueueLine())
        return ObservedRun(
            request: request,
            arrival: cache.requests.firstVersion(of: key),
            pipeline: pipeline,
            zoneFault: request.status?.accepted == nil ? zoneFault(of: request, pipeline) : nil,
            inlinePipelines: inlinePipelines.permission(in: key.namespace),
            jobs: jobs,
            made: made.of(uid),
            pods: pods,
            queue: queue,
            line: line,
            setbacks: setbacks.of(uid),
            obstacles: obstacles.of(uid),
            seen: now.map { seen.note(sightings, of: key, at: $0) } ?? [:],
            record: ledger?.record(of: request) ?? .notConfigured,
            asOf: ledger?.asOf(of: uid).map(Timestamp.init),
            lock: locks.state(of: uid),
            published: published.state(of: uid),
            isUntold: untold?.contains(uid) ?? false,
            deliveries: deliveries?.known(of: request, cache))
    }

    /// There is no such request any more.
    func forget(_ key: ObjectKey) {
        seen.forget(key)
        judgements.forget(key)
    }

    private func isSettled(_ request: ReportRequest, _ isOver: Bool) -> Bool {
        isOver && request.spec.value?.attempt ?? 1 <= request.status?.attempt ?? 1
    }

    /// What is before `request` in its concurrency group; and its own place there, if it has to wait.
    private func queue(of request: ReportRequest, by pipeline: ReportPipeline?) -> (ObservedRun.Queue, QueueLine) {
        guard let group = cache.concurrencyGroup(of: request, by: pipeline) else {
            return (ObservedRun.Queue(), QueueLine())
        }
        let position = cache.position(of: request)
        let running = cache.requests.indexed(by: ClusterCache.Index.holder, value: group.id)
            .filter { $0.metadata.uid != request.metadata.uid }
        let unreadable = running.filter { cache.requests.undecodable($0.key) != nil }.map(\.metadata.name).sorted()
        let holders = doubts.inGroup(group.id).union(running.map(\.metadata.uid))
            .count { $0 != request.metadata.uid }
        let taken = holders + remnants(of: group, besides: request)
        // With no free slot it must wait, whatever is ahead of it. To look at all of them in each pass would be most
        // of the work in a long queue, and so would be to judge who arrives.
        let free = group.limit - taken
        guard free > 0 else {
            return (
                ObservedRun.Queue(holders: taken, unreadable: unreadable),
                line(of: request, in: group, at: position, behind: running)
            )
        }
        let waiting = cache.requests.first(free, of: group.id, before: position, in: ClusterCache.Order.waiting).count
        let arriving = arrivals(to: group, before: position, upTo: free - waiting)
        let queue = ObservedRun.Queue(holders: taken, waitingAhead: waiting + arriving, unreadable: unreadable)
        guard waiting + arriving >= free else { return (queue, QueueLine()) }
        return (queue, line(of: request, in: group, at: position, behind: running))
    }

    /// Its place is counted once, when it queues; afterwards only whether it is next.
    ///
    /// Those that have come and aren't accepted yet count without being judged, since that would be most of the work where
    /// many come at once.
    private func line(
        of request: ReportRequest, in group: ConcurrencyGroup, at position: QueuePosition,
        behind running: [ReportRequest]
    ) -> QueueLine {
        let isCounted = request.status?.phase == .queued && request.status?.reason == Reason.waitingForTurn
        let most = isCounted ? 1 : QueueLine.longest
        var ahead = cache.requests.first(most, of: group.id, before: position, in: ClusterCache.Order.waiting).count
        for line in cache.arrivals(to: group.id) where ahead < most {
            ahead += cache.requests.first(most - ahead, of: line, before: position, in: ClusterCache.Order.arriving)
                .count { $0.metadata.uid != request.metadata.uid }
        }
        let names = running.sorted { cache.position(of: $0) < cache.position(of: $1) }.map(\.metadata.name)
        return QueueLine(
            isNext: ahead == 0, place: isCounted ? nil : ahead + 1, running: Array(names.prefix(QueueLine.mostNamed)),
            others: max(0, names.count - QueueLine.mostNamed))
    }

    /// How many that can run have come and not been accepted yet. One that can't run is about to end.
    private func arrivals(to group: ConcurrencyGroup, before position: QueuePosition, upTo limit: Int) -> Int {
        var found = 0
        for line in cache.arrivals(to: group.id) {
            var window = limit - found
            while window > 0 {
                let others = cache.requests.first(window, of: line, before: position, in: ClusterCache.Order.arriving)
                let able = others.count { other in
                    let pipeline = cache.pipeline(of: other)
                    return cache.concurrencyGroup(of: other, by: pipeline)?.id == group.id && mayBring(other)
                        && judgements.canRun(other, by: pipeline, zoneFault: zoneFault(of: other, pipeline)) {
                            cache.requests.get($0) != nil
                        }
                }
                if found + able >= limit { return limit }
                guard others.count == window else {
                    found += able
                    break
                }
                window *= 2
            }
        }
        return found
    }

    private func zoneFault(of request: ReportRequest, _ pipeline: ReportPipeline?) -> String? {
        let spec = request.spec.value?.pipeline ?? pipeline?.spec.value
        return zones.fault(of: spec?.report?.timeZone)
    }

    /// Whether its pipeline, if it is its own, may be run. One of which that isn't known holds nobody up.
    private func mayBring(_ request: ReportRequest) -> Bool {
        request.spec.value?.pipeline == nil
            || inlinePipelines.permission(in: request.metadata.namespace) == .allowed
    }

    /// How many requests hold no place any more, or are gone, and something of them still runs.
    private func remnants(of group: ConcurrencyGroup, besides asker: ReportRequest) -> Int {
        let value = ClusterCache.Index.groupValue(namespace: asker.metadata.namespace, id: group.id)
        let jobs = cache.jobs.indexed(by: ClusterCache.Index.liveGroup, value: value).filter { !cache.isSpent($0) }
        let pods = cache.pods.indexed(by: ClusterCache.Index.liveGroup, value: value)
        let owners = Set(jobs.compactMap(cache.owner(of:)) + pods.compactMap(cache.owner(of:)))
        return owners.count { owner in
            owner != asker.metadata.ownerKey && !(cache.request(owner)?.status?.phase?.holdsSlot ?? false)
        }
    }
}
