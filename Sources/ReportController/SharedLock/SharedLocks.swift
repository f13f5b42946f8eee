import AsyncSupport
import ControllerRuntime
import KubernetesModel
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import ReportStores
import Synchronization

/// The shared locks of this operator's runs: what reconciliations ask for and see at once, without waiting for Redis, and
/// what the keeper has to do for it.
final class SharedLocks: Sendable {
    /// Something to be asked of Redis for one run.
    struct Due: Sendable {
        enum Call: Hashable {
            case release
            case renew(fence: Int64)
            case acquire
        }

        let uid: String
        let key: ObjectKey
        let group: LockGroup
        let call: Call
    }

    private let table = Mutex(SharedLockTable())
    /// Whether there is a Redis at all.
    private let isConfigured: Bool
    private let waits: Histogram?
    private let signal = Signal()

    /// `waits`: where it is counted how long runs waited for their locks.
    init(isConfigured: Bool, waits: Histogram? = nil) {
        self.isConfigured = isConfigured
        self.waits = waits
    }

    // MARK: For reconciliations

    func state(of uid: String) -> ObservedRun.Lock {
        isConfigured ? table.withLock { $0.observed(uid, now: .now) } : .notConfigured
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

    // MARK: For the keeper

    /// What is due, releases first: somebody waits for them.
    func due(at now: ContinuousClock.Instant) -> [Due] {
        table.withLock { table in
            table.entries.compactMap { uid, entry -> Due? in
                guard let due = entry.due, due <= now, let call = entry.call else { return nil }
                return Due(uid: uid, key: entry.key, group: LockGroup(entry.group), call: call)
            }
            .sorted { ($0.call == .release ? 0 : 1, $0.uid) < ($1.call == .release ? 0 : 1, $1.uid) }
        }
    }

    /// Sleeps until something is due or has changed, or the task is cancelled.
    func sleep() async {
        let next = table.withLock { $0.entries.values.compactMap(\.due).min() }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [signal] in await signal.wait() }
            if let next { group.addTask { try? await Task.sleep(until: next) } }
            await group.next()
            group.cancelAll()
        }
    }

    /// Somebody gave a lock back, or something may have been missed.
    func noticed(_ release: LockRelease) {
        table.withLock { table in
            for (uid, entry) in table.entries {
                switch (release, entry.state) {
                case (.released(let group), .wanted) where LockGroup(entry.group).key != group: continue
                case (.released, .wanted), (.lookAtAll, .wanted), (.lookAtAll, .held), (.lookAtAll, .unconfirmed):
                    table.update(uid) { $0.due = .now }
                default: continue
                }
            }
        }
        signal.raise()
    }

    /// - Returns: whether that is news.
    func held(
        _ uid: String, fence: Int64, renewAt: ContinuousClock.Instant, lapses: ContinuousClock.Instant
    ) -> Bool {
        table.withLock { table in
            var isNews = false
            table.update(uid) { entry in
                entry.lapses = lapses
                if case .wanted = entry.state, let since = entry.wantedSince { waits?.observe(.now - since) }
                switch entry.state {
                case .wanted, .held, .unconfirmed:
                    isNews = entry.state != .held(fence: fence)
                    entry.state = .held(fence: fence)
                    entry.due = renewAt
                // Meanwhile it is to be given back: that stays due.
                case .lost, .releasing, .released: break
                }
            }
            return isNews
        }
    }

    /// - Returns: whether that is news.
    func mustWait(_ uid: String, until due: ContinuousClock.Instant) -> Bool {
        table.withLock { table in
            var isNews = false
            table.update(uid) { entry in
                guard case .wanted = entry.state else { return }
                let wanted = SharedLockTable.State.wanted(
                    reason: Reason.waitingForSharedLock,
                    message:
                        "waits for the shared lock \"\(entry.group.key)\": another run has it or is next, or Redis has just started"
                )
                isNews = entry.state != wanted
                entry.state = wanted
                entry.due = due
            }
            return isNews
        }
    }

    /// - Returns: whether that is news.
    func lost(_ uid: String) -> Bool {
        table.withLock { table in
            var isNews = false
            table.update(uid) { entry in
                switch entry.state {
                case .held, .unconfirmed:
                    entry.state = .lost
                    entry.due = nil
                    isNews = true
                case .wanted, .lost, .releasing, .released: break
                }
            }
            return isNews
        }
    }

    /// - Returns: whether that is news.
    func released(_ uid: String) -> Bool {
        table.withLock { table in
            var isNews = false
            table.update(uid) { entry in
                guard entry.state == .releasing else { return }
                entry.state = .released
                entry.due = nil
                isNews = true
            }
            return isNews
        }
    }

    /// Redis could not be asked: what is due stays due, from `due` on. A hold that has lapsed meanwhile isn't one any
    /// more until it is confirmed, and one that was to be given back is given back by that.
    ///
    /// - Returns: the requests for which that changes something.
    func failed(_ items: [Due], _ message: String, until due: ContinuousClock.Instant) -> [ObjectKey] {
        table.withLock { table in
            items.compactMap { item in
                var isNews = false
                table.update(item.uid) { entry in
                    let before = entry.state
                    entry.fail(message, now: .now)
                    entry.due = entry.call == nil ? nil : due
                    // At the moment at which a hold lapses its run has to hear of it.
                    if case .held = entry.state, let lapses = entry.lapses { entry.due = min(due, lapses) }
                    isNews = entry.state != before
                }
                return isNews ? item.key : nil
            }
        }
    }
}

extension LockGroup {
    /// All clusters call it the same: by namespace and key.
    init(_ group: ConcurrencyGroup) {
        self.init(key: "\(group.namespace)/\(group.key)", limit: group.limit)
    }
}
