import KubernetesModel
import ReportAPI

/// Runs of scope `Shared` start only with the lock that several clusters share, and start no stage without it.
extension RunPlanner {
    /// - Returns: whether the run has the lock; what it waits for is explained where it hasn't.
    static func takeSharedLock(_ group: ConcurrencyGroup, _ draft: inout RunDraft) -> Bool {
        // Before it is asked for, a deletion must be kept from taking the request away while it holds the lock.
        let isGuarded = draft.request.metadata.finalizers.contains(ReportsAPI.Finalizer.sharedLock)
        switch draft.observed.lock {
        case .held(let fence):
            draft.status.fence = fence
            return true
        case .notConfigured:
            draft.explain(Reason.sharedLockUnavailable, "\(lacksRedis); it starts once the operator has one")
        case .idle, .released, .lost:
            if isGuarded { draft.actions.append(.takeSharedLock(group)) }
            draft.explain(Reason.waitingForSharedLock, "waits for the shared lock \"\(group.key)\"")
        case .waiting(let reason, let message):
            draft.explain(reason, message)
        case .releasing:
            draft.explain(
                Reason.waitingForSharedLock,
                "waits for the shared lock \"\(group.key)\", which an earlier attempt is still giving back")
        }
        return false
    }

    /// Only the head of this cluster's queue enters the cross-cluster queue.
    static func leaveLine(_ group: ConcurrencyGroup, _ draft: inout RunDraft) {
        switch draft.observed.lock {
        case .waiting, .held: draft.actions.append(.releaseSharedLock(group))
        case .notConfigured, .idle, .lost, .releasing, .released: break
        }
    }

    /// Holds the lock on behalf of a run that goes on.
    ///
    /// - Returns: what keeps stages from being started, if anything: a hold that isn't confirmed may have lapsed.
    static func keepSharedLock(
        _ group: ConcurrencyGroup, _ draft: inout RunDraft
    ) -> (reason: String, message: String)? {
        let unconfirmed = "the shared lock \"\(group.key)\" is being confirmed"
        switch draft.observed.lock {
        case .held(let fence):
            draft.status.fence = draft.status.fence ?? fence
            return nil
        case .notConfigured:
            return (Reason.sharedLockUnavailable, lacksRedis)
        case .idle:
            if let fence = draft.status.fence {
                draft.actions.append(.keepSharedLock(group, fence: fence))
            } else if draft.request.metadata.finalizers.contains(ReportsAPI.Finalizer.sharedLock) {
                // It runs without ever having had it: somebody else wrote into its status.
                draft.actions.append(.takeSharedLock(group))
            }
            return (Reason.waitingForSharedLock, unconfirmed)
        case .waiting(let reason, let message):
            return (reason, message)
        case .lost, .releasing, .released:
            return (Reason.sharedLockLost, unconfirmed)
        }
    }

    private static let lacksRedis =
        "concurrency.scope is Shared, and the operator runs without the Redis that holds the lock"
}

extension RunDraft {
    var holdsLock: Bool {
        if case .held = observed.lock { true } else { false }
    }
}
