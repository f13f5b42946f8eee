/// Runs in several clusters, of which a limited number may go on at once.
package struct LockGroup: Sendable, Hashable {
    /// What the clusters agree on, such as an id of the ERP.
    package let key: String
    /// How many at once; at least 1. May differ from call to call: holders above a lowered limit keep their places.
    package let limit: Int

    package init(key: String, limit: Int) {
        self.key = key
        self.limit = max(1, limit)
    }
}

/// What came of asking for a place.
package enum Acquisition: Sendable, Hashable {
    /// The place is the holder's until its lease ends. The fence rises with every new holder: what a store has seen
    /// with a higher one must not be overwritten by this holder.
    case held(fence: Int64)
    /// `ahead`: how many are before it in the queue. `retryAfter` is when to ask again at the latest: when a lease may have
    /// lapsed, and always before its own place in the queue would. `SharedLock.releases` announces a release at once.
    case waiting(ahead: Int, retryAfter: Duration)
}

/// A place that a holder has.
package struct Holding: Sendable, Hashable {
    package let group: LockGroup
    package let holder: String
    package let fence: Int64
    /// For how long it is renewed.
    package let ttl: Duration

    package init(group: LockGroup, holder: String, fence: Int64, ttl: Duration) {
        self.group = group
        self.holder = holder
        self.fence = fence
        self.ttl = ttl
    }
}

/// What came of renewing a place.
package enum Renewal: Sendable, Hashable {
    case renewed
    /// The lease lapsed and the place was given on. The holder is one that has it now; nil if nobody has any more.
    case lost(to: String?)
    /// Redis can't renew this one; the others aren't touched by that.
    case failed(RedisTrouble)
}

/// What somebody who waits in a line wants to hear.
package enum LockRelease: Sendable, Hashable {
    /// A place of this group (its key) became free, or the line before somebody got shorter.
    case released(group: String)
    /// Something may have been missed: ask again for every group.
    case lookAtAll
}
