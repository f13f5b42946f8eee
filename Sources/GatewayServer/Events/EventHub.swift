internal import KubernetesModel
internal import Synchronization

/// Hands every change to everybody who follows, and remembers the last ones, so that who was cut off goes on where she was.
///
/// One watch feeds it, however many follow. Nobody is waited for: who is too slow to take what comes is cut off, and resumes.
final class EventHub: Sendable {
    /// How many changes are remembered, and how many bytes of them.
    fileprivate static let rememberedEvents = 8192
    fileprivate static let rememberedBytes = 16 << 20
    /// How many changes one follower may lag behind.
    private static let lag = 512

    /// What comes to a follower.
    enum Signal: Sendable {
        case event(GatewayEvent)
        /// Nothing has happened; the connection is to be kept.
        case beat
    }

    /// What a follower gets first, and then.
    struct Subscription: Sendable {
        /// What she has missed, in order.
        let missed: [GatewayEvent]
        /// Whether more was missed than is remembered.
        let isReset: Bool
        /// How far she has heard with that.
        let id: EventID
        /// Ends when she is too slow, when she leaves, and when the hub closes.
        let signals: AsyncStream<Signal>
        let number: Int
    }

    fileprivate struct State {
        var events: [GatewayEvent] = []
        /// Of `events`: where the remembered ones begin.
        var first = 0
        var bytes = 0
        /// The version up to which nothing of a kind is remembered.
        var beginnings: [EventID.Kind: String] = [:]
        var id = EventID()
        var followers: [Int: AsyncStream<Signal>.Continuation] = [:]
        var lastNumber = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    /// How many follow.
    var count: Int { state.withLock { $0.followers.count } }

    /// From here on changes of a kind are told; those up to that version are not.
    func begin(_ kind: EventID.Kind, at version: String) {
        state.withLock { state in
            guard state.beginnings[kind] == nil else { return }
            state.beginnings[kind] = version
            state.id.advance(kind, to: version)
        }
    }

    func hasBegun(_ kind: EventID.Kind) -> Bool { state.withLock { $0.beginnings[kind] != nil } }

    func publish(_ kind: EventID.Kind, namespace: String, version: String, name: String, data: [UInt8]) {
        state.withLock { state in
            guard !state.isClosed, state.beginnings[kind] != nil else { return }
            let before = state.id
            state.id.advance(kind, to: version)
            // What a list has brought comes in no order, and what was deleted unseen shows an older version.
            let reached = state.id.versions[kind] ?? version
            let event = GatewayEvent(
                kind: kind, namespace: namespace, version: reached, id: state.id, isFirst: state.id != before,
                name: name,
                data: data)
            state.remember(event)
            state.send(.event(event))
        }
    }

    /// Keeps the connections of all who follow.
    func beat() { state.withLock { $0.send(.beat) } }

    /// `after`: how far she has heard; nil: what comes from now on.
    func follow(after: EventID?) -> Subscription {
        let (signals, continuation) = AsyncStream.makeStream(
            of: Signal.self, bufferingPolicy: .bufferingOldest(Self.lag))
        return state.withLock { state in
            state.lastNumber += 1
            let number = state.lastNumber
            if state.isClosed { continuation.finish() } else { state.followers[number] = continuation }
            guard let after else {
                return Subscription(missed: [], isReset: false, id: state.id, signals: signals, number: number)
            }
            let isReset = EventID.Kind.allCases.contains { kind in
                // What happened before it has begun nobody has kept.
                guard let beginning = state.beginnings[kind] else { return true }
                guard let heard = after.versions[kind] else { return true }
                return ResourceVersion.isOlder(heard, than: beginning)
            }
            let missed = isReset ? [] : state.missed(after)
            return Subscription(
                missed: missed, isReset: isReset, id: isReset ? state.id : after, signals: signals, number: number)
        }
    }

    func leave(_ number: Int) {
        state.withLock { $0.followers.removeValue(forKey: number)?.finish() }
    }

    /// Ends every stream: followers resume at another replica.
    func close() {
        let followers = state.withLock { state in
            state.isClosed = true
            defer { state.followers = [:] }
            return state.followers
        }
        for follower in followers.values { follower.finish() }
    }
}

extension EventHub.State {
    /// What came after an event of ours is certain. After one of another replica's, some may come twice, which does no harm:
    /// each tells all of its object.
    fileprivate func missed(_ after: EventID) -> [GatewayEvent] {
        let remembered = events[first...]
        if var place = remembered.lastIndex(where: { $0.id == after }) {
            // Several may share it, of which she needn't have heard more than the first.
            while place > remembered.startIndex, remembered[place - 1].id == after { place -= 1 }
            return Array(remembered[place...].dropFirst(remembered[place].isFirst ? 1 : 0))
        }
        if id == after { return [] }
        return remembered.filter { !ResourceVersion.isOlder($0.version, than: after.versions[$0.kind] ?? "") }
    }

    fileprivate mutating func send(_ signal: EventHub.Signal) {
        for (number, follower) in followers {
            switch follower.yield(signal) {
            case .enqueued: break
            // Too slow, or gone before she was told anything.
            case .dropped, .terminated:
                followers[number] = nil
                follower.finish()
            @unknown default: break
            }
        }
    }

    fileprivate mutating func remember(_ event: GatewayEvent) {
        events.append(event)
        bytes += event.bytes.count
        while events.count - first > EventHub.rememberedEvents || bytes > EventHub.rememberedBytes {
            let oldest = events[first]
            bytes -= oldest.bytes.count
            let known = beginnings[oldest.kind] ?? ""
            if ResourceVersion.isOlder(known, than: oldest.version) { beginnings[oldest.kind] = oldest.version }
            first += 1
        }
        // Not for each event: that would move all of them.
        if first > EventHub.rememberedEvents {
            events.removeSubrange(..<first)
            first = 0
        }
    }
}
