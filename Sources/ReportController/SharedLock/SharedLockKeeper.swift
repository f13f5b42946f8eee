import ControllerRuntime
import KubernetesModel
import Logging
import RedisClient
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
    /// How long a hold lasts that isn't renewed: so long may this operator be away without another cluster's taking
    /// over, and so long the others wait when this one never comes back.
    let lease: Duration
    let health: StoreHealth
    let wake: @Sendable (ObjectKey) -> Void

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
                guard error.code != .cancelled else { return }
                let failure = health.failed("\(error.code)", error.message)
                for key in locks.failed(due, error.message, until: .now + failure.pause) { wake(key) }
            }
        }
    }

    /// Everything that is due; the first failure ends it, and what is left stays due.
    private func serve(_ due: [SharedLocks.Due]) async -> RedisError? {
        let renewals = due.filter { $0.fence != nil }
        if !renewals.isEmpty, let error = await renew(renewals) { return error }
        for item in due where item.fence == nil {
            let error = item.isReleasing ? await release(item) : await acquire(item)
            if let error { return error }
        }
        return nil
    }

    private func renew(_ due: [SharedLocks.Due]) async -> RedisError? {
        let begun = ContinuousClock.now
        let holdings = due.map {
            Holding(group: $0.group, holder: $0.uid, fence: $0.fence ?? 0, ttl: lease)
        }
        switch await answer({ () async throws(RedisError) in try await server.renew(holdings) }) {
        case .failure(let error):
            return error
        case .success(let renewals):
            _ = health.succeeded()
            for (item, renewal) in zip(due, renewals) {
                switch renewal {
                case .renewed: held(item, fence: item.fence ?? 0, since: begun)
                case .lost: if locks.lost(item.uid) { wake(item.key) }
                }
            }
            return nil
        }
    }

    private func acquire(_ item: SharedLocks.Due) async -> RedisError? {
        let begun = ContinuousClock.now
        switch await answer({ () async throws(RedisError) in
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

    private func release(_ item: SharedLocks.Due) async -> RedisError? {
        switch await answer({ () async throws(RedisError) in
            try await server.release(item.group, holder: item.uid)
        }) {
        case .failure(let error): return error
        case .success: if locks.released(item.uid) { wake(item.key) }
        }
        return nil
    }

    /// As a value, since Swift 6.3.1 miscompiles some `catch` clauses of typed throws.
    private func answer<Success: Sendable>(
        _ call: () async throws(RedisError) -> Success
    ) async -> Result<Success, RedisError> {
        do throws(RedisError) {
            return .success(try await call())
        } catch {
            return .failure(error)
        }
    }
}
