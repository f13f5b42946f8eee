import Synchronization

/// The Jobs that were made for requests, by their names: remembered at once, since the status that tells of a Job is written
/// after it. One that somebody deletes in between is lost, and isn't made a second time.
final class MadeJobs: Sendable {
    /// How often a label that somebody takes off a Job is put back.
    static let patience = 3

    private struct State {
        var uids: [String: [String: String]] = [:]
        /// By the Jobs' uids.
        var labelled: [String: Int] = [:]
    }

    private let state = Mutex(State())

    func note(_ name: String, uid: String, of request: String) {
        state.withLock { $0.uids[request, default: [:]][name] = uid }
    }

    /// The uids of the request's Jobs, by their names.
    func of(_ request: String) -> [String: String] { state.withLock { $0.uids[request] ?? [:] } }

    /// Counts that a label is put back on the Job.
    ///
    /// - Returns: whether that is still worth doing.
    func mayLabel(_ job: String) -> Bool {
        state.withLock { state in
            state.labelled[job, default: 0] += 1
            return state.labelled[job, default: 0] <= Self.patience
        }
    }

    /// The request is over, or gone.
    func forget(_ request: String) {
        state.withLock { state in
            for uid in (state.uids.removeValue(forKey: request) ?? [:]).values { state.labelled[uid] = nil }
        }
    }
}
