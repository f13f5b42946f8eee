import AsyncSupport
import KubernetesClient
import KubernetesModel
import PrometheusMetrics

/// Carries out what a `ReflectorState` decides, one action after the other.
struct ReflectorLoop<Source: ListerWatcher> {
    typealias R = Source.Resource

    private let store: Store<R>
    private let source: Source
    private let options: ReflectorOptions
    private let clock: RuntimeClock
    private let metrics: ReflectorMetrics
    private let progress: ReflectorProgress
    private var log: ReflectorLog
    private var state: ReflectorState
    /// The pages of the list in progress. They reach the store together or not at all.
    private var listed: [[Stored<R>]] = []
    private var unreadable: [ObjectKey: UndecodableObject] = [:]
    private var listReason = ""
    private var pageSize: PageSize
    /// How often the server had come back before it was last asked: a return while that failed counts too.
    private var returnsBefore = 0

    init(
        store: Store<R>,
        source: Source,
        options: ReflectorOptions,
        clock: RuntimeClock,
        metrics: ReflectorMetrics,
        progress: ReflectorProgress,
        log: ReflectorLog
    ) {
        self.store = store
        self.source = source
        self.options = options
        self.clock = clock
        self.metrics = metrics
        self.progress = progress
        self.log = log
        state = ReflectorState(options: options)
        pageSize = PageSize(options.pageSize)
    }

    /// Runs until the task is cancelled, and throws `CancellationError` then; or until the cluster was set back, and throws
    /// `ClusterWasSetBack`.
    mutating func run() async throws {
        var happening = ReflectorState.Happening.started
        while true {
            try Task.checkCancellation()
            switch state.next(after: happening) {
            case .list(let version, let delay, let reason):
                begin(version, because: reason, retrying: happening)
                try await pause(delay)
                happening = try await list(version)
            case .install(let version, let rewound):
                // Nobody is to act on some of it while all else is known as it was.
                if rewound || store.isContradicted(by: listed.joined(), resourceVersion: version) {
                    let setBack = ClusterWasSetBack(from: state.resourceVersion, to: version)
                    log.ends(setBack)
                    throw setBack
                }
                install(version)
                happening = .installed(resourceVersion: version)
            case .watch(let version, let delay, let reason):
                if reason != "listed" { metrics.watchRestarted(because: reason) }
                try await pause(delay)
                happening = try await watch(version)
            case .compare(let delay, let reason):
                metrics.watchRestarted(because: reason)
                try await pause(delay)
                happening = try await compare()
            }
        }
    }

    /// Where the server was away, its return ends the wait; but never before the shortest one is over, so that a server that
    /// comes and goes isn't asked without a pause.
    private mutating func pause(_ delay: Duration) async throws {
        defer { returnsBefore = source.serverReturn?.count ?? 0 }
        guard delay > .zero else { return }
        let shortest = options.firstBackoff
        guard state.awaitsServer, delay > shortest, let server = source.serverReturn else {
            return try await clock.sleep(delay)
        }
        let returns = returnsBefore
        try await clock.sleep(shortest)
        try await withThrowingTaskGroup { group in
            group.addTask { [clock] in try await clock.sleep(delay - shortest) }
            group.addTask { await server.wait(after: returns) }
            try await group.next()
            group.cancelAll()
        }
    }

    // MARK: List

    private mutating func begin(
        _ version: ListRequest.Version, because reason: String, retrying happening: ReflectorState.Happening
    ) {
        if case .next = version { return }
        listed = []
        unreadable = [:]
        listReason = reason
        switch happening {
        case .started: break
        case .listFailed: metrics.listFailed(because: reason)
        case .listed, .installed, .watchFailed, .watchRefused, .watchBroke, .watchEnded, .rewindSeen, .compared,
            .compareFailed:
            metrics.relisted(because: reason)
        }
    }

    private mutating func list(_ version: ListRequest.Version) async throws -> ReflectorState.Happening {
        let page: ListPage<R>
        do {
            page = try await source.list(ListRequest(version: version, limit: pageSize.count))
        } catch {
            try Task.checkCancellation()
            if error.isAnswerTooLarge, pageSize.shrink() {
                log.shrank(pageSize: pageSize.count)
                return try await list(version)
            }
            return .listFailed(trouble(error, doing: "list"))
        }
        listed.append(page.items.map { Stored($0.trimmedForCache) })
        for object in page.undecodable {
            metrics.undecodable.increment()
            log.met(object)
            unreadable[object.key] = object
        }
        return .listed(resourceVersion: page.resourceVersion, continue: page.continue)
    }

    private mutating func install(_ version: String) {
        store.replace(with: listed.joined(), unreadable: unreadable, resourceVersion: version)
        progress.mark(clock.now())
        log.keepUndecodable(unreadable.keys)
        log.recovered()
        log.listed(count: listed.reduce(0) { $0 + $1.count }, because: listReason)
        listed = []
        unreadable = [:]
        pageSize.grow()
    }

    /// Which version the cluster's store has.
    private mutating func compare() async throws -> ReflectorState.Happening {
        do {
            return .compared(resourceVersion: try await source.currentVersion())
        } catch {
            try Task.checkCancellation()
            return .compareFailed(trouble(error, doing: "list"))
        }
    }

    // MARK: Watch

    private mutating func watch(_ version: String) async throws -> ReflectorState.Happening {
        let request = WatchRequest(
            resourceVersion: version, timeoutSeconds: options.watchTimeout(), idleDeadline: options.idleDeadline)
        let start = clock.now()
        let events: Source.Events
        do {
            events = try await source.watch(request)
        } catch {
            try Task.checkCancellation()
            return .watchFailed(trouble(error, doing: "watch"))
        }
        // When the server was last heard of, as far as events tell.
        var heard = start
        do {
            for try await event in events {
                heard = clock.now()
                if case .status(let status) = event {
                    return .watchRefused(trouble(KubernetesError(status), doing: "watch"), lasted: heard - start)
                }
                guard take(event, now: heard) else { return .rewindSeen }
            }
        } catch {
            try Task.checkCancellation()
            let now = clock.now()
            if now - heard >= options.idleDeadline { return .watchBroke(.silent, lasted: now - start) }
            return .watchBroke(trouble(error, doing: "watch"), lasted: now - start)
        }
        try Task.checkCancellation()
        return .watchEnded(lasted: clock.now() - start)
    }

    /// - Returns: false for an event that doesn't continue the watch; the store doesn't see it.
    private mutating func take(_ event: WatchEvent<R>, now: Duration) -> Bool {
        let version = event.resourceVersion
        if let version, !state.continues(with: version) { return false }
        switch event {
        case .added(let object), .modified(let object):
            log.decoded(object.key)
            store.observe(object)
        case .deleted(let object):
            log.decoded(object.key)
            store.observeDeletion(of: object)
        case .bookmark(let version):
            store.observeBookmark(version)
        case .undecodable(let object) where object.isDeleted:
            log.decoded(object.key)
            store.observeDeletion(of: object)
        case .undecodable(let object):
            metrics.undecodable.increment()
            log.met(object)
            // A line that isn't an object has no name.
            if !object.name.isEmpty { store.observeUndecodable(object) }
        case .status:
            break
        }
        metrics.events.increment()
        progress.mark(now)
        log.recovered()
        if let version { state.advance(to: version) }
        return true
    }

    private mutating func trouble(_ error: any Error, doing verb: String) -> ReflectorTrouble {
        let trouble = (error as? KubernetesError).map(ReflectorTrouble.init) ?? .unreadable
        if trouble == .expired { metrics.expired.increment() }
        log.met(trouble, doing: verb, error: "\(error)")
        return trouble
    }
}
