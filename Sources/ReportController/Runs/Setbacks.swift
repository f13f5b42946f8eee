import ReportPlanning
import Synchronization

/// What could not be created and why, until it can be or the request is over.
///
/// Memory only: after a restart the API server is asked again and answers the same.
final class Setbacks: Sendable {
    /// How long the API server may put off a creation before it counts as refused: a place is taken meanwhile.
    static let patience: Duration = .seconds(15 * 60)

    private struct Entry {
        var setback: ObservedRun.Setback
        let since: ContinuousClock.Instant
    }

    private let byRequest = Mutex<[String: [String: Entry]]>([:])

    init() {}

    /// The setbacks of the request of that uid, by the name of what could not be created.
    func of(_ uid: String) -> [String: ObservedRun.Setback] {
        byRequest.withLock { $0[uid]?.mapValues(\.setback) ?? [:] }
    }

    /// - Returns: what the setback counts as, and whether that is another kind than was known, so that a new decision is
    ///   due at once.
    func note(
        _ setback: ObservedRun.Setback, of name: String, request uid: String, now: ContinuousClock.Instant = .now
    ) -> (setback: ObservedRun.Setback, isNew: Bool) {
        byRequest.withLock { setbacks in
            let before = setbacks[uid]?[name]
            let since = before?.since ?? now
            let current = Self.judge(setback, waited: now - since)
            setbacks[uid, default: [:]][name] = Entry(setback: current, since: since)
            switch (before?.setback, current) {
            case (.refused, .refused), (.postponed, .postponed): return (current, false)
            case (nil, _), (.refused, .postponed), (.postponed, .refused): return (current, true)
            }
        }
    }

    private static func judge(_ setback: ObservedRun.Setback, waited: Duration) -> ObservedRun.Setback {
        guard case .postponed(let message) = setback, waited >= patience else { return setback }
        return .refused("for \(patience.components.seconds / 60) minutes now: \(message)")
    }

    func clear(_ name: String, request uid: String) {
        byRequest.withLock { setbacks in
            guard setbacks[uid] != nil else { return }
            setbacks[uid]?[name] = nil
            if setbacks[uid]?.isEmpty == true { setbacks[uid] = nil }
        }
    }

    func forget(request uid: String) {
        byRequest.withLock { $0[uid] = nil }
    }
}
