import ReportAPI
import ReportPlanning
import Synchronization

/// Why something could not be made, as a planner knows it.
protocol NotedSetback: Hashable, Sendable {
    /// What it counts as after it has lasted for that long; `patience`: for how long it may, nil: as usual.
    func judged(after waited: Duration, patience: Duration?) -> Self
    /// Whether a planner that knew of `earlier` has to decide again at once.
    func isNews(after earlier: Self?) -> Bool
    /// What is in the way of the object of that name.
    func explanation(of name: String) -> String
}

/// What could not be made for a run or a schedule and why, until it can be or the spec changes or the owner is over.
///
/// Memory only: after a restart the API server is asked again and answers the same.
final class Setbacks<Setback: NotedSetback>: Sendable {
    private struct Entry {
        var generation: Int64
        var byName: [String: (setback: Setback, since: ContinuousClock.Instant)] = [:]
    }

    private let byOwner = Mutex<[String: Entry]>([:])

    init() {}

    /// The setbacks of the owner of that uid, by the name of what could not be made. Those of another generation of it
    /// don't count; who is pinned has but one.
    func of(_ uid: String, generation: Int64 = 0) -> [String: Setback] {
        byOwner.withLock { entries in
            guard let entry = entries[uid], entry.generation == generation else { return [:] }
            return entry.byName.mapValues(\.setback)
        }
    }

    /// `patience`: how long it may last before it counts as more than that; nil: as usual.
    ///
    /// - Returns: the error that says so.
    func note(
        _ setback: Setback, of name: String, owner uid: String, generation: Int64 = 0, patience: Duration? = nil,
        now: ContinuousClock.Instant = .now
    ) -> NotMade<Setback> {
        byOwner.withLock { entries in
            var entry = entries[uid] ?? Entry(generation: generation)
            if entry.generation != generation { entry = Entry(generation: generation) }
            let before = entry.byName[name]
            let since = before?.since ?? now
            let current = setback.judged(after: now - since, patience: patience)
            entry.byName[name] = (current, since)
            entries[uid] = entry
            return NotMade(name: name, setback: current, isNew: current.isNews(after: before?.setback))
        }
    }

    /// - Returns: whether there was one, so that its end is to be told.
    @discardableResult
    func clear(_ name: String, owner uid: String) -> Bool {
        byOwner.withLock { entries in
            guard entries[uid]?.byName.removeValue(forKey: name) != nil else { return false }
            if entries[uid]?.byName.isEmpty == true { entries[uid] = nil }
            return true
        }
    }

    func forget(_ uid: String) { byOwner.withLock { $0[uid] = nil } }
}

/// Something could not be made or changed, and the planner knows it from now on.
struct NotMade<Setback: NotedSetback>: Error, CustomStringConvertible {
    let name: String
    let setback: Setback
    /// Whether the planner hasn't decided on it yet.
    let isNew: Bool

    var description: String { setback.explanation(of: name) }
}

extension ObservedRun.Setback: NotedSetback {
    /// How long the API server may put off a creation before it counts as refused, unless a stage says so (`startTimeout`): a
    /// place is taken meanwhile.
    static let patience: Duration = .seconds(15 * 60)

    func judged(after waited: Duration, patience: Duration?) -> Self {
        let patience = patience ?? Self.patience
        guard case .postponed(let message) = self, waited >= patience else { return self }
        return .refused("for \(ReportDuration.format(seconds: patience.components.seconds)) now: \(message)")
    }

    /// Messages of quotas hold figures that change with each try.
    func isNews(after earlier: Self?) -> Bool {
        switch (earlier, self) {
        case (.refused, .refused), (.postponed, .postponed): false
        case (nil, _), (.refused, .postponed), (.postponed, .refused): true
        }
    }

    func explanation(of name: String) -> String {
        switch self {
        case .refused(let message): "\(name) was refused: \(message)"
        case .postponed(let message): "\(name) can't be created yet: \(message)"
        }
    }
}

extension ObservedSchedule.Setback: NotedSetback {
    func judged(after waited: Duration, patience: Duration?) -> Self { self }

    func isNews(after earlier: Self?) -> Bool { self != earlier }

    func explanation(of name: String) -> String {
        switch self {
        case .refused(let message): "\(name) was refused: \(message)"
        case .postponed(let message): "\(name) can't be made yet: \(message)"
        case .taken: "\(name) is the name of something else"
        case .zoneDropped: "the API server has dropped the time zone of \(name)"
        }
    }
}
