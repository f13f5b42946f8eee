import ControllerRuntime
import KubernetesModel
import ReportAPI
import ReportPlanning
import Synchronization

/// The shared locks of this operator's runs: what reconciliations ask for and see at once, without waiting for Redis.
final class SharedLocks: Sendable {
    private let table = Mutex(SharedLockTable())
    /// Whether there is a Redis at all.
    private let isConfigured: Bool
    private let signal = Signal()

    init(isConfigured: Bool) { self.isConfigured = isConfigured }

    func state(of uid: String) -> Observed.Lock {
        isConfigured ? table.withLock { $0.observed(uid) } : .notConfigured
    }

    func take(_ group: ConcurrencyGroup, for request: ReportRequest) {
        change { $0.take(group, key: request.key, uid: request.metadata.uid, now: .now) }
    }

    func keep(_ group: ConcurrencyGroup, fence: Int64, for request: ReportRequest) {
        change { $0.keep(group, fence: fence, key: request.key, uid: request.metadata.uid, now: .now) }
    }

    func release(_ group: ConcurrencyGroup, of request: ReportRequest) {
        change { $0.release(group, key: request.key, uid: request.metadata.uid, now: .now) }
    }

    /// The request is gone, and nothing of it holds a lock.
    func forget(_ uid: String) { table.withLock { $0.forget(uid) } }

    private func change(_ body: (inout SharedLockTable) -> Void) {
        table.withLock { body(&$0) }
        signal.raise()
    }
}
