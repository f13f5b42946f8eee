import AsyncSupport

/// Which message is next. Each namespace has a lane of its own, so that one that refuses its messages, or is slow, holds
/// up no other.
///
/// Of a lane that is well, a few are in hand at a time. One that has failed is paused, longer each time, and then tried
/// with one of its messages, another each time; the others wait without being tried. Holds no message, only its id.
/// The time is passed in.
struct IntakeLanes {
    typealias Instant = ContinuousClock.Instant

    /// A message that waits or is in hand.
    struct Item: Sendable, Hashable {
        let entry: String
        let lane: String
        /// Since when its namespace has refused it, or it has waited.
        fileprivate(set) var since: Instant
        fileprivate var due: Instant
        fileprivate var tries = 0
        fileprivate var waitsAlone = false
    }

    /// What became of a message that came.
    enum Arrival: Hashable {
        case waits
        /// It waits or is in hand already.
        case isKnown
        /// The lane is full, and its namespace refuses for this reason.
        case refused(reason: String)
    }

    /// What becomes of a message that can't be settled now.
    enum Outcome: Hashable {
        /// It waits; `isNews` if this is the first that is heard of what is in its way.
        case waits(isNews: Bool)
        /// It was refused for too long: it stays in hand, to be rejected.
        case expired
    }

    private struct Lane {
        var waiting: [Item] = []
        var inHand = 0
        var failures = 0
        /// Not before then, after a failure.
        var resumes: Instant?
        /// The words of a namespace that refuses.
        var refusal: String?
    }

    private let options: RequestIntakeOptions
    private let pauses: Backoff
    private var lanes: [String: Lane] = [:]
    /// The lanes' names; `turn` is the index of the next one.
    private var order: [String] = []
    private var turn = 0
    private var known: Set<String> = []
    private var inHand = 0

    init(_ options: RequestIntakeOptions, pauses: Backoff? = nil) {
        self.options = options
        self.pauses = pauses ?? Backoff(first: options.firstPause, longest: options.longestPause)
    }

    // MARK: Coming

    mutating func add(_ entry: String, lane name: String, at now: Instant) -> Arrival {
        guard !known.contains(entry) else { return .isKnown }
        if let lane = lanes[name], let refusal = lane.refusal, lane.waiting.count >= options.laneLength {
            return .refused(reason: refusal)
        }
        if lanes[name] == nil { order.append(name) }
        known.insert(entry)
        lanes[name, default: Lane()].waiting.append(Item(entry: entry, lane: name, since: now, due: now))
        return .waits
    }

    /// Whether no more should be read. A lane that refuses doesn't count: what is too much for it is rejected. Nor does one
    /// that fails for another reason, such as a webhook that is down, or it would hold up all others. But all together are
    /// bounded, however many namespaces messages name that can't be tried yet.
    var isFull: Bool {
        known.count >= options.totalLength
            || lanes.values.lazy.reduce(0) { $0 + ($1.failures == 0 ? $1.waiting.count : 0) } >= options.laneLength
    }

    /// How many wait.
    var waitingCount: Int { lanes.values.reduce(0) { $0 + $1.waiting.count } }

    // MARK: Going

    /// The next message to try, if one is due and there is a hand free for it.
    mutating func take(at now: Instant) -> Item? {
        guard inHand < options.concurrency else { return nil }
        for offset in order.indices {
            let position = (turn + offset) % order.count
            guard var lane = lanes[order[position]], let index = due(in: lane, at: now) else { continue }
            let item = lane.waiting.remove(at: index)
            lane.inHand += 1
            lanes[order[position]] = lane
            inHand += 1
            turn = position + 1
            return item
        }
        return nil
    }

    private func due(in lane: Lane, at now: Instant) -> Int? {
        guard hasHand(lane) else { return nil }
        if lane.resumes ?? now <= now, let index = lane.waiting.firstIndex(where: { $0.due <= now }) { return index }
        // Its last try is its own, whatever the lane is paused for.
        guard lane.refusal != nil else { return nil }
        return lane.waiting.firstIndex { $0.since + options.patience <= now }
    }

    private func hasHand(_ lane: Lane) -> Bool { lane.inHand < (lane.failures > 0 ? 1 : options.laneConcurrency) }

    /// When `take` has something again, unless something is settled or comes before.
    func nextDue() -> Instant? {
        guard inHand < options.concurrency else { return nil }
        return lanes.values.compactMap { lane -> Instant? in
            guard hasHand(lane), let first = lane.waiting.map(\.due).min() else { return nil }
            let usual = max(first, lane.resumes ?? first)
            guard lane.refusal != nil, let oldest = lane.waiting.map(\.since).min() else { return usual }
            return min(usual, oldest + options.patience)
        }.min()
    }

    /// What waits for something else than its namespace is tried again at once.
    mutating func hurry(_ name: String, at now: Instant) {
        guard var lane = lanes[name] else { return }
        for index in lane.waiting.indices where lane.waiting[index].waitsAlone { lane.waiting[index].due = now }
        lanes[name] = lane
    }

    // MARK: Ending

    /// A message is done with; `isAccepted` if its namespace took it, which ends the lane's pause.
    mutating func settled(_ item: Item, isAccepted: Bool) {
        guard var lane = lanes[item.lane] else { return }
        inHand -= 1
        known.remove(item.entry)
        lane.inHand -= 1
        if isAccepted {
            lane.failures = 0
            lane.resumes = nil
            lane.refusal = nil
        }
        guard lane.inHand == 0, lane.waiting.isEmpty else {
            lanes[item.lane] = lane
            return
        }
        lanes[item.lane] = nil
        order.removeAll { $0 == item.lane }
        turn = 0
    }

    mutating func postponed(_ item: Item, _ postponement: Postponement, at now: Instant) -> Outcome {
        guard var lane = lanes[item.lane] else { return .expired }
        if postponement.scope == .namespace, item.since + options.patience <= now { return .expired }
        var item = item
        item.due = now + max(postponement.pause, pauses.delay(failures: item.tries))
        item.tries += 1
        item.waitsAlone = postponement.scope == .message
        if postponement.scope != .namespace { item.since = now }
        var isNews = item.waitsAlone && item.tries == 1
        if !item.waitsAlone {
            isNews = lane.failures == 0
            // Those that were in hand together fail together.
            if lane.resumes ?? now <= now {
                lane.resumes = now + max(postponement.pause, pauses.delay(failures: lane.failures))
                lane.failures += 1
            }
            lane.refusal = postponement.scope == .namespace ? postponement.reason : nil
        }
        lane.waiting.append(item)
        lane.inHand -= 1
        inHand -= 1
        lanes[item.lane] = lane
        return .waits(isNews: isNews)
    }
}
