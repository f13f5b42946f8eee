/// How long a leader's lease lasts, and how often it is seen to.
public struct LeaderElectionTiming: Hashable, Sendable {
    /// How long a lease that isn't renewed is left alone by the others.
    public var leaseDuration: Duration
    /// How long a leader may fail to renew before it stops. Shorter than the lease, so that it has stopped before another starts.
    public var renewDeadline: Duration
    /// Between two renewals, and between two tries; up to a fifth more, so that those who started together drift apart.
    public var retryPeriod: Duration

    public init(
        leaseDuration: Duration = .seconds(15), renewDeadline: Duration = .seconds(10),
        retryPeriod: Duration = .seconds(2)
    ) {
        precondition(leaseDuration > renewDeadline && renewDeadline > retryPeriod)
        self.leaseDuration = leaseDuration
        self.renewDeadline = renewDeadline
        self.retryPeriod = retryPeriod
    }

    /// How long one call to the API server may take: a second one must fit in before the deadline.
    var callTimeout: Duration { renewDeadline / 2 }
}
