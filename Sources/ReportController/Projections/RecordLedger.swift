import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportPlanning
import ReportRecords
import Synchronization

/// What of each request is known to be stored, and what is in the way where something isn't.
///
/// Memory only. After a restart the condition `Recorded` of a finished request is believed; everything else is stored
/// again, which does no harm.
final class RecordLedger: Sendable {
    private struct State {
        var stored: [String: (mark: RecordMark, version: String)] = [:]
        var troubles: [String: String] = [:]
        var outage: String?
        /// When the sources were read of what runs have published.
        var asOf: [String: Date] = [:]
    }

    private let state = Mutex(State())

    func record(of request: ReportRequest) -> ObservedRun.Record {
        if request.isRecordedForGood { return .stored }
        let uid = request.metadata.uid
        return state.withLock { state in
            if let stored = state.stored[uid], stored.mark == RecordMark(request) { return .stored }
            return (state.troubles[uid] ?? state.outage).map(ObservedRun.Record.unavailable) ?? .pending
        }
    }

    func stored(_ request: ReportRequest) {
        let (uid, version) = (request.metadata.uid, request.metadata.resourceVersion)
        state.withLock { state in
            state.troubles[uid] = nil
            // What was refused before may come after something newer.
            if let known = state.stored[uid], ResourceVersion.isOlder(version, than: known.version) { return }
            state.stored[uid] = (RecordMark(request), version)
        }
    }

    /// What MongoDB has told of what they published, by uid.
    func note(asOf times: [String: Date]) {
        guard !times.isEmpty else { return }
        state.withLock { $0.asOf.merge(times) { $1 } }
    }

    func asOf(of uid: String) -> Date? { state.withLock { $0.asOf[uid] } }

    func hasTrouble(with uid: String) -> Bool { state.withLock { $0.troubles[uid] != nil } }

    /// What keeps this one request from being stored.
    func trouble(_ message: String, with uid: String) { state.withLock { $0.troubles[uid] = message } }

    /// What keeps everything from being stored; nil once it is over.
    func outage(_ message: String?) { state.withLock { $0.outage = message } }

    func forget(_ uid: String) {
        state.withLock { state in
            state.stored[uid] = nil
            state.troubles[uid] = nil
            state.asOf[uid] = nil
        }
    }
}
