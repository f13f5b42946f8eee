import AsyncSupport
import ControllerRuntime
import KubernetesModel
import Logging
import ReportAPI
import ReportPlanning
import ReportStores
import ServiceLifecycle
import Synchronization

/// Asks Redis for what `SharedLocks` wants, renews what is held, gives back what is done, and has runs looked at again
/// when something has come of it.
///
/// It sleeps until a run wants something, somebody gives a lock back, or a renewal is due; nothing is polled.
struct SharedLockKeeper: Service {
    let locks: SharedLocks
    let server: SharedLock
    /// How long a hold lasts that isn't renewed: how long this operator may be away without another cluster's taking
    /// over, and how long the others wait if it never comes back.
    let lease: Duration
    let health: StoreHealth
    let wake: @Sendable (ObjectKey) -> Void
    let logger: Logger

    func run() async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    for await release in server.releases { locks.noticed(release) }
                }
                group.addTask { await work() }
            }
        }
    }

    private func work() async {
        while !Task.isCancelled {
            let now = ContinuousClock.now
            let due = locks.due(at: now)
            if due.isEmpty {
                await locks.sleep()
                continue
            }
            if let error = await serve(due) {
                guard !error.isCancelled else { return }
                let failure = health.failed(error.kind, error.description)
                for key in locks.failed(due, error.description, until: .now + failure.pause) { wake(key) }
            }
        }
    }

    /// Everything that is due. A failure that concerns all of it ends it, and what is left stays due.
    private func serve(_ due: [SharedLocks.Due]) async -> RedisTrouble? {
        if let error = await renew(due) { return error }
        for item in due {
            let error: RedisTrouble? =
                switch item.call {
                case .release: await release(item)
                case .acquire: await acquire(item)
                case .renew: nil
                }
            if let error {
                guard error.concernsOneKey else { return error }
                putOff(item, error)
            }
        }
        return nil
    }

    /// What Redis refuses for one key keeps no other from its own.
    private func putOff(_ item: SharedLocks.Due, _ error: RedisTrouble) {
        for key in locks.failed([item], error.description, until: .now + .seconds(5)) { wake(key) }
    }

    private func renew(_ due: [SharedLocks.Due]) async -> RedisTrouble? {
        let held = due.compactMap { item -> (item: SharedLocks.Due, fence: Int64)? in
            guard case .renew(let fence) = item.call else { return nil }
            return (item, fence)
        }
        guard !held.isEmpty else { return nil }
        let begun = ContinuousClock.now
        let holdings = held.map { Holding(group: $0.item.group, holder: $0.item.uid, fence: $0.fence, ttl: lease) }
        switch await Result(catching: { () async throws(RedisTrouble) in try await server.renew(holdings) }) {
        case .failure(let error):
            return error
        case .success(let renewals):
            _ = health.succeeded()
            for ((item, fence), renewal) in zip(held, renewals) {
                switch renewal {
                case .renewed: self.held(item, fence: fence, since: begun)
                case .lost(let other):
                    guard locks.lost(item.uid) else { continue }
                    logger.warning(
                        "A shared lock was lost: it had lapsed, and another run took it",
                        metadata: ["request": "\(item.key)", "lock": "\(item.group.key)", "holder": "\(other ?? "-")"])
                    wake(item.key)
                case .failed(let error): putOff(item, error)
                }
            }
            return nil
        }
    }

    private func acquire(_ item: SharedLocks.Due) async -> RedisTrouble? {
        let begun = ContinuousClock.now
        switch await Result(catching: { () async throws(RedisTrouble) in
            try await server.acquire(item.group, holder: item.uid, ttl: lease)
        }) {
        case .failure(let error):
            return error
        case .success(.held(let fence)):
            _ = health.succeeded()
            held(item, fence: fence, since: begun)
        case .success(.waiting(_, let retryAfter)):
            _ = health.succeeded()
            if locks.mustWait(item.uid, until: .now + retryAfter) { wake(item.key) }
        }
        return nil
    }

    private func held(_ item: SharedLocks.Due, fence: Int64, since: ContinuousClock.Instant) {
        // From before the call: the lease began at some moment after that.
        if locks.held(item.uid, fence: fence, renewAt: since + lease / 3, lapses: since + lease) { wake(item.key) }
    }

    private func release(_ item: SharedLocks.Due) async -> RedisTrouble? {
        switch await Result(catching: { () async throws(RedisTrouble) in
            try await server.release(item.group, holder: item.uid)
        }) {
        case .failure(let error): return error
        case .success: if locks.released(item.uid) { wake(item.key) }
        }
        return nil
    }
}
