import ReportPlanning
import Synchronization

/// What could not be created and why, until it can be or the request is over.
///
/// Memory only: after a restart the API server is asked again and answers the same.
final class Setbacks: Sendable {
    private let byRequest = Mutex<[String: [String: Observed.Setback]]>([:])

    init() {}

    /// The setbacks of the request of that uid, by the name of what could not be created.
    func of(_ uid: String) -> [String: Observed.Setback] {
        byRequest.withLock { $0[uid] ?? [:] }
    }

    /// - Returns: whether this is of another kind than what was known, so that a new decision is due at once.
    func note(_ setback: Observed.Setback, of name: String, request uid: String) -> Bool {
        byRequest.withLock { setbacks in
            let before = setbacks[uid]?.updateValue(setback, forKey: name)
            if before == nil { setbacks[uid, default: [:]][name] = setback }
            switch (before, setback) {
            case (.refused, .refused), (.postponed, .postponed): return false
            case (nil, _), (.refused, .postponed), (.postponed, .refused): return true
            }
        }
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
