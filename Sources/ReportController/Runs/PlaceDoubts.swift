import KubernetesModel
import ReportAPI
import ReportPlanning
import Synchronization

/// Requests of which nobody knows whether they have taken a place in their concurrency group: the answer to the write of
/// their start was lost, and they couldn't be read back yet. They count as holders until they could.
final class PlaceDoubts: Sendable {
    private struct State {
        var groups: [String: String] = [:]
        var uids: [String: Set<String>] = [:]
        var listener: (@Sendable (String) -> Void)?
    }

    private let state = Mutex(State())

    /// Calls `listener` with the group in which a doubt has ended: a place may be free that counted as taken.
    func onSettle(_ listener: @escaping @Sendable (String) -> Void) { state.withLock { $0.listener = listener } }

    /// Whether `status` was written isn't known.
    func raise(_ request: ReportRequest, wanting status: ReportRequestStatus) {
        guard let run = status.accepted ?? request.status?.accepted else { return }
        let group = ConcurrencyGroup(namespace: request.metadata.namespace, run: run).id
        let uid = request.metadata.uid
        state.withLock { state in
            state.groups[uid] = group
            state.uids[group, default: []].insert(uid)
        }
    }

    func contains(_ uid: String) -> Bool { state.withLock { $0.groups[uid] != nil } }

    /// The uids of those in doubt in that group.
    func inGroup(_ id: String) -> Set<String> { state.withLock { $0.uids[id] ?? [] } }

    /// It is known now, or the request is gone.
    func settle(_ uid: String) {
        let settled = state.withLock { state -> (group: String, listener: (@Sendable (String) -> Void)?)? in
            guard let group = state.groups.removeValue(forKey: uid) else { return nil }
            state.uids[group]?.remove(uid)
            if state.uids[group]?.isEmpty == true { state.uids[group] = nil }
            return (group, state.listener)
        }
        if let settled { settled.listener?(settled.group) }
    }
}
