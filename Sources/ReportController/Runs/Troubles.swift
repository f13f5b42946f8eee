import ReportPlanning
import Synchronization

/// What events told of the Jobs and pods of runs, until the run is over. Memory only: they can be read again.
final class Troubles: Sendable {
    private let byOwner = Mutex<[String: [String: ObservedRun.Trouble]]>([:])

    /// Of the run of that uid, by the uid of the Job or pod.
    func of(_ owner: String) -> [String: ObservedRun.Trouble] { byOwner.withLock { $0[owner] ?? [:] } }

    func note(_ trouble: ObservedRun.Trouble, of object: String, owner: String) {
        byOwner.withLock { $0[owner, default: [:]][object] = trouble }
    }

    func forget(_ owner: String) { byOwner.withLock { $0[owner] = nil } }
}
