import AsyncSupport
import KubernetesModel

/// What a reflector does next, as a function of what happened: the rules of listing and watching, without a socket, a
/// clock or a store.
///
/// A list is expensive and a watch is cheap, so a watch that ends or breaks goes on where it was; only what a watch can't
/// mend leads to a list.
struct ReflectorState: Sendable {
    enum Happening: Hashable, Sendable {
        case started
        /// A page came, and was read to its end.
        case listed(resourceVersion: String, continue: String?)
        case listFailed(ReflectorTrouble)
        /// The store has taken the list over.
        case installed(resourceVersion: String)
        /// The watch request itself failed.
        case watchFailed(ReflectorTrouble)
        /// The server sent a status instead of an event.
        case watchRefused(ReflectorTrouble, lasted: Duration)
        /// The connection failed in the middle.
        case watchBroke(ReflectorTrouble, lasted: Duration)
        /// The server ended the stream in order.
        case watchEnded(lasted: Duration)
        /// An event came that is older than what the watch has told already.
        case rewindSeen
        /// The version that the cluster's store has now.
        case compared(resourceVersion: String)
        case compareFailed(ReflectorTrouble)
    }

    enum Action: Hashable, Sendable {
        case list(ListRequest.Version, after: Duration, because: String)
        /// Put the list into the store. `rewound` says that it rightly is older than what was known: the cluster was set back.
        case install(resourceVersion: String, rewound: Bool)
        case watch(resourceVersion: String, after: Duration, because: String)
        /// Ask which version the cluster's store has.
        case compare(after: Duration, because: String)
    }

    private let options: ReflectorOptions
    /// Up to where everything is in the store.
    private(set) var resourceVersion = ""
    /// The version the list in progress was begun with.
    private var listing = ListRequest.Version.newest
    private var listBackoff: Backoff.Delays
    private var watchBackoff: Backoff.Delays
    /// Whether an event or a bookmark came since the last list.
    private var progressedSinceList = false
    /// Whether one came in this watch.
    private var progressedInWatch = false
    private var shortWatches = 0
    private var brokenWatches = 0
    private var quietWatches = 0
    /// Whether there is a reason to believe in a list that is older than what is known.
    private var suspectsRewind = false
    /// Whether the server was away: it may have come back with a store that was set back, and then it tells of nothing until that
    /// is past the version that it is asked for, and nothing at all of what came before.
    private var wasAway = false
    /// Whether the next step waits for a server that can't be reached, and may be taken as soon as that is back.
    private(set) var awaitsServer = false

    init(options: ReflectorOptions) {
        self.options = options
        listBackoff = options.backoff.delays
        watchBackoff = options.backoff.delays
    }

    // MARK: Events

    /// Whether an event of this version continues the watch. The versions of one watch only grow; a smaller one tells of
    /// a cluster that was set back.
    func continues(with version: String) -> Bool {
        !ResourceVersion.isOlder(version, than: resourceVersion)
    }

    /// The store has taken over the event or bookmark of this version.
    mutating func advance(to version: String) {
        resourceVersion = version
        progressedSinceList = true
        progressedInWatch = true
        shortWatches = 0
        brokenWatches = 0
        quietWatches = 0
        listBackoff.reset()
        watchBackoff.reset()
    }

    // MARK: Everything else

    mutating func next(after happening: Happening) -> Action {
        awaitsServer = happening.isAbsence
        return switch happening {
        case .started: beginList(.newest, after: .zero, because: "start")
        case .listed(let version, let token): listed(version, token)
        case .listFailed(let trouble): listFailed(trouble)
        case .installed(let version): installed(version)
        case .watchFailed(let trouble): watchFailed(trouble)
        case .watchRefused(let trouble, let lasted): watchRefused(trouble, lasted)
        case .watchBroke(let trouble, let lasted): watchBroke(trouble, lasted)
        case .watchEnded(let lasted): watchEnded(lasted)
        case .rewindSeen: rewindSeen()
        case .compared(let version): compared(version)
        case .compareFailed(let trouble): compareFailed(trouble)
        }
    }

    // MARK: List

    private mutating func listed(_ version: String, _ token: String?) -> Action {
        if let token, !token.isEmpty { return .list(.next(token), after: .zero, because: "next_page") }
        if !isComparable(version) { return listFailed(.unreadable) }
        guard ResourceVersion.isOlder(version, than: resourceVersion) else {
            return .install(resourceVersion: version, rewound: false)
        }
        // A cache that lags may answer with an older list than asked for, and that is never installed. A list straight
        // from the cluster's store can be older only if the store was set back. It is asked twice, because believing
        // it throws away what is known.
        if suspectsRewind, listing == .newest { return .install(resourceVersion: version, rewound: true) }
        suspectsRewind = listing == .newest
        return beginList(.newest, after: listBackoff.next(), because: "older")
    }

    private mutating func listFailed(_ trouble: ReflectorTrouble) -> Action {
        let delay = max(listBackoff.next(), trouble.retryAfter ?? .zero)
        switch trouble {
        case .expired, .versionTooLarge:
            return beginList(.newest, after: delay, because: trouble.reason)
        case .throttled, .notFound, .forbidden, .unauthorized, .serverError, .unreachable, .silent, .unreadable,
            .rejected:
            return beginList(listing, after: delay, because: trouble.reason)
        }
    }

    private mutating func installed(_ version: String) -> Action {
        resourceVersion = version
        progressedSinceList = false
        suspectsRewind = false
        wasAway = false
        shortWatches = 0
        brokenWatches = 0
        quietWatches = 0
        return rewatch(after: .zero, because: "listed")
    }

    // MARK: Watch

    private mutating func watchFailed(_ trouble: ReflectorTrouble) -> Action {
        switch trouble {
        case .expired, .notFound, .rejected:
            return relist(because: trouble.reason)
        case .versionTooLarge:
            // A server that lags catches up soon; one that was set back doesn't.
            brokenWatches += 1
            if brokenWatches >= options.brokenWatchLimit { return relist(because: trouble.reason) }
            return retryWatch(trouble)
        case .throttled, .forbidden, .unauthorized, .serverError, .unreachable, .silent, .unreadable:
            noteAbsence(trouble)
            return retryWatch(trouble)
        }
    }

    private mutating func watchRefused(_ trouble: ReflectorTrouble, _ lasted: Duration) -> Action {
        switch trouble {
        case .throttled:
            return retryWatch(trouble)
        case .serverError:
            brokenWatches += 1
            if brokenWatches >= options.brokenWatchLimit { return relist(because: trouble.reason) }
            return retryWatch(trouble)
        case .expired, .versionTooLarge, .notFound, .forbidden, .unauthorized, .unreachable, .silent, .unreadable,
            .rejected:
            return relist(because: trouble.reason)
        }
    }

    private mutating func watchBroke(_ trouble: ReflectorTrouble, _ lasted: Duration) -> Action {
        noteAbsence(trouble)
        if isQuietTooOften(lasted) { return relist(because: "quiet") }
        switch trouble {
        case .unreadable:
            brokenWatches += 1
            if brokenWatches >= options.brokenWatchLimit { return relist(because: trouble.reason) }
            return retryWatch(trouble)
        case .silent:
            return resume(lasted, because: trouble.reason)
        case .expired, .notFound, .rejected:
            return relist(because: trouble.reason)
        case .versionTooLarge, .throttled, .forbidden, .unauthorized, .serverError, .unreachable:
            return retryWatch(trouble)
        }
    }

    private mutating func watchEnded(_ lasted: Duration) -> Action {
        if isQuietTooOften(lasted) { return relist(because: "quiet") }
        if !progressedInWatch, lasted < options.shortWatch {
            shortWatches += 1
            if shortWatches >= options.shortWatchLimit { return relist(because: "short_watches") }
            return rewatch(after: watchBackoff.next(), because: "short")
        }
        return resume(lasted, because: "ended")
    }

    private mutating func rewindSeen() -> Action {
        suspectsRewind = true
        return beginList(.newest, after: relistDelay(), because: "rewind")
    }

    // MARK: After an absence

    private mutating func noteAbsence(_ trouble: ReflectorTrouble) {
        switch trouble {
        // A proxy before the server answers for it with 502 or 503.
        case .unreachable, .silent, .serverError: wasAway = true
        case .expired, .versionTooLarge, .throttled, .notFound, .forbidden, .unauthorized, .unreadable, .rejected: break
        }
    }

    private mutating func compared(_ version: String) -> Action {
        guard isComparable(version) else { return compareFailed(.unreadable) }
        wasAway = false
        guard ResourceVersion.isOlder(version, than: resourceVersion) else {
            return rewatch(after: .zero, because: "back")
        }
        suspectsRewind = true
        return beginList(.newest, after: .zero, because: "rewind")
    }

    /// What isn't a number proves nothing where there was one before.
    private func isComparable(_ version: String) -> Bool {
        ResourceVersion.isNumber(version) || !version.isEmpty && !ResourceVersion.isNumber(resourceVersion)
    }

    private mutating func compareFailed(_ trouble: ReflectorTrouble) -> Action {
        switch trouble {
        case .unreachable, .silent, .serverError, .throttled, .unreadable, .versionTooLarge, .unauthorized:
            return retryWatch(trouble)
        // A client that may not list may still watch.
        case .forbidden, .rejected, .expired, .notFound:
            wasAway = false
            return retryWatch(trouble)
        }
    }

    /// Whether watches have lasted long and told nothing, not even a bookmark, too often in a row.
    private mutating func isQuietTooOften(_ lasted: Duration) -> Bool {
        guard !progressedInWatch, lasted >= options.idleDeadline else { return false }
        quietWatches += 1
        return quietWatches >= options.quietWatchLimit
    }

    // MARK: Steps

    /// Watches on at once after a watch that did its work, and with a pause after one that can't have.
    private mutating func resume(_ lasted: Duration, because reason: String) -> Action {
        let worked = progressedInWatch ? lasted >= options.shortWatch : lasted >= options.longestBackoff
        return rewatch(after: worked ? .zero : watchBackoff.next(), because: reason)
    }

    private mutating func retryWatch(_ trouble: ReflectorTrouble) -> Action {
        rewatch(after: max(watchBackoff.next(), trouble.retryAfter ?? .zero), because: trouble.reason)
    }

    private mutating func rewatch(after delay: Duration, because reason: String) -> Action {
        progressedInWatch = false
        if wasAway { return .compare(after: delay, because: reason) }
        return .watch(resourceVersion: resourceVersion, after: delay, because: reason)
    }

    private mutating func relist(because reason: String) -> Action {
        // If the last list led to nothing, another like it from the server's cache would lead nowhere either.
        let version = progressedSinceList ? ListRequest.Version.notOlderThan(resourceVersion) : .newest
        return beginList(version, after: relistDelay(), because: reason)
    }

    /// No wait when the last list was followed by events, so that lists can't chase each other.
    private mutating func relistDelay() -> Duration {
        progressedSinceList ? .zero : listBackoff.next()
    }

    private mutating func beginList(
        _ version: ListRequest.Version, after delay: Duration, because reason: String
    ) -> Action {
        listing = version
        return .list(version, after: delay, because: reason)
    }
}

extension ReflectorState.Happening {
    /// Whether the server couldn't be reached, as far as that tells.
    fileprivate var isAbsence: Bool {
        switch self {
        case .listFailed(let trouble), .watchFailed(let trouble), .compareFailed(let trouble),
            .watchBroke(let trouble, _):
            trouble == .unreachable || trouble == .silent
        case .started, .listed, .installed, .watchRefused, .watchEnded, .rewindSeen, .compared: false
        }
    }
}
