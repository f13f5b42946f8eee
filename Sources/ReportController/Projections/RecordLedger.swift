import KubernetesModel
import ReportAPI
import ReportPlanning
import Synchronization

/// What of each request is known to be stored, and what is in the way where something isn't.
///
/// Memory only. After a restart the condition `Recorded` of a finished request is believed; everything else is stored
/// again, which does no harm.
final class RecordLedger: Sendable {
    private struct State {
        var stored: [String: RecordMark] = [:]
        var troubles: [String: String] = [:]
        var outage: String?
    }

    private let state = Mutex(State())

    func record(of request: ReportRequest) -> Observed.Record {
        if request.isRecordedForGood { return .stored }
        let uid = request.metadata.uid
        return state.withLock { state in
            if let mark = state.stored[uid], mark == RecordMark(request) { return .stored }
            return (state.troubles[uid] ?? state.outage).map(Observed.Record.unavailable) ?? .pending
        }
    }

    func stored(_ request: ReportRequest) {
        state.withLock { state in
            state.stored[request.metadata.uid] = RecordMark(request)
            state.troubles[request.metadata.uid] = nil
        }
    }

    /// What keeps this one request from being stored.
    func trouble(_ message: String, with uid: String) { state.withLock { $0.troubles[uid] = message } }

    /// What keeps everything from being stored; nil once it is over.
    func outage(_ message: String?) { state.withLock { $0.outage = message } }

    func forget(_ uid: String) {
        state.withLock { state in
            state.stored[uid] = nil
            state.troubles[uid] = nil
        }
    }
}
