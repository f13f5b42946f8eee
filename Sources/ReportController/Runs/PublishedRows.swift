import AsyncSupport
import ControllerRuntime
import KubernetesModel
import ReportPlanning
import Synchronization

/// How many rows runs have published, of those whose pipelines expect some: what reconciliations ask for and see at once,
/// without waiting for MongoDB, and what is to be read for them.
///
/// Memory only: after a restart it is read again.
final class PublishedRows: Sendable {
    private struct Entry {
        var key: ObjectKey
        var state: ObservedRun.Published
    }

    private let entries = Mutex<[String: Entry]>([:])
    private let signal = Signal()

    // MARK: For reconciliations

    func state(of uid: String) -> ObservedRun.Published { entries.withLock { $0[uid]?.state } ?? .unread }

    func ask(for uid: String, _ key: ObjectKey) {
        entries.withLock { $0[uid] = Entry(key: key, state: .asked) }
        signal.raise()
    }

    /// The attempt is over, or the request is gone.
    func forget(_ uid: String) { entries.withLock { $0[uid] = nil } }

    // MARK: For the reader

    /// The uids of those that are to be read.
    func due() -> [String] {
        entries.withLock { entries in
            entries.filter { entry in
                if case .rows = entry.value.state { false } else { true }
            }.keys.sorted()
        }
    }

    /// Until somebody asks.
    func sleep() async { await signal.wait() }

    /// What was read of all that were due; those that aren't in it have published nothing.
    ///
    /// - Returns: the requests to look at again.
    func note(_ counts: [String: Int], of uids: [String]) -> [ObjectKey] {
        set(uids) { .rows(counts[$0] ?? 0) }
    }

    func failed(_ uids: [String], _ message: String) -> [ObjectKey] { set(uids) { _ in .unavailable(message) } }

    private func set(_ uids: [String], _ state: (String) -> ObservedRun.Published) -> [ObjectKey] {
        entries.withLock { entries in
            uids.compactMap { uid in
                let state = state(uid)
                // One that was forgotten meanwhile stays so.
                guard let entry = entries[uid], entry.state != state else { return nil }
                entries[uid]?.state = state
                return entry.key
            }
        }
    }
}
