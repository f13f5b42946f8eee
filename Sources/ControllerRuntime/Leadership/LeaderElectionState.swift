import KubernetesModel

/// What is known of a lease, and what to do about it: the whole of the decision, without a clock or a server.
///
/// Every time is a local, monotonic one, and other machines' clocks are never compared with it: a lease counts as expired
/// when it hasn't changed for its duration since this process saw it change.
struct LeaderElectionState: Sendable {
    enum Action: Hashable, Sendable {
        /// Get the lease.
        case read
        /// Write the lease, or create it where there is no `version`; it fails if the lease isn't at that version.
        case write(version: String?, Claim)
        /// Nothing to do before that moment; a change of the lease may come first, where there is a version to watch from.
        case wait(until: Duration, watchFrom: String?)
        /// Leadership is lost, for this reason.
        case stepDown(String)
    }

    struct Claim: Hashable, Sendable {
        var transitions: Int
        /// Whether it is another holder's, or nobody's, until now.
        var isNew: Bool
    }

    let identity: String
    let timing: LeaderElectionTiming

    /// As it was read or written last; nil when it isn't there.
    private(set) var lease: Lease?
    /// When `lease` last told anything new.
    private var changedAt = Duration.zero
    /// The last state of a lease that was there, which still counts when somebody has deleted it: its holder acts.
    private var lastSpec: Lease.Spec?
    /// Whether `lease` is what the server has, as far as is known.
    private var isCurrent = false
    /// From before the last write of our own that succeeded; nil while this isn't a leader.
    private(set) var renewedAt: Duration?
    private var nextTry = Duration.zero

    init(identity: String, timing: LeaderElectionTiming) {
        self.identity = identity
        self.timing = timing
    }

    var isLeading: Bool { renewedAt != nil }

    /// Until when this process may act; nil while it isn't a leader.
    var mayActUntil: Duration? { renewedAt.map { $0 + timing.renewDeadline } }

    /// Who holds the lease, if that is somebody else.
    var otherHolder: String? {
        guard let holder = lastSpec?.holderIdentity, !holder.isEmpty, holder != identity else { return nil }
        return holder
    }

    // MARK: What is to be done

    func action(at now: Duration) -> Action {
        if let renewedAt {
            let deadline = renewedAt + timing.renewDeadline
            if let otherHolder, isCurrent { return .stepDown("\(otherHolder) holds the lease") }
            if now >= deadline { return .stepDown("the lease could not be renewed for \(timing.renewDeadline)") }
            if now < nextTry { return .wait(until: min(nextTry, deadline), watchFrom: nil) }
            return isCurrent ? claim : .read
        }
        if !isCurrent { return now < nextTry ? .wait(until: nextTry, watchFrom: nil) : .read }
        if otherHolder != nil, now < expiry {
            // One that was deleted while its holder acts: it will make it anew, or it is gone when the time is up.
            return .wait(until: expiry, watchFrom: lease?.metadata.resourceVersion)
        }
        return claim
    }

    private var claim: Action {
        let isNew = lastSpec?.holderIdentity != identity
        let transitions = lastSpec?.leaseTransitions ?? 0
        return .write(
            version: lease?.metadata.resourceVersion,
            Claim(transitions: isNew && lastSpec != nil ? transitions + 1 : transitions, isNew: isNew))
    }

    private var expiry: Duration {
        changedAt + (lastSpec?.leaseDurationSeconds.map { .seconds($0) } ?? timing.leaseDuration)
    }

    // MARK: What happened

    /// The lease as the server has it; nil: there is none.
    mutating func saw(_ found: Lease?, at now: Duration) {
        isCurrent = true
        lease = found
        guard let spec = found?.spec, spec != lastSpec else { return }
        lastSpec = spec
        changedAt = now
    }

    /// A write that began at that moment has succeeded.
    mutating func wrote(_ written: Lease, begun: Duration, jitter: Double) {
        saw(written, at: begun)
        renewedAt = begun
        nextTry = begun + pause(jitter)
    }

    /// A write met another version of the lease: somebody else's, or one that a lost answer hid.
    mutating func conflicted(at now: Duration, jitter: Double) {
        isCurrent = false
        // A leader has no time to lose; others have lost this round.
        nextTry = isLeading ? now : now + pause(jitter)
    }

    /// A call failed, or a watch ended, and what the server has isn't known.
    mutating func failed(at now: Duration, jitter: Double) {
        isCurrent = false
        nextTry = now + pause(jitter)
    }

    mutating func steppedDown() {
        renewedAt = nil
        isCurrent = false
    }

    /// `jitter` is a random number of 0..<1.
    private func pause(_ jitter: Double) -> Duration { timing.retryPeriod * (1 + jitter / 5) }
}
