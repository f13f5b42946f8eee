package import ReportStores

/// The servers outside the cluster that this operator uses; what isn't there is nil.
package struct OutsideStores: Sendable {
    package struct Redis: Sendable {
        package var server: RedisServer
        /// How long this operator keeps a shared lock that it doesn't renew.
        package var lockLease: Duration
        /// How long nobody new gets a shared lock after Redis was restarted.
        package var lockGrace: SharedLock.Grace
        /// How requests are taken in; nil: they aren't.
        package var intake: IntakeOptions?

        package init(
            server: RedisServer, lockLease: Duration = .seconds(120), lockGrace: SharedLock.Grace? = nil,
            intake: IntakeOptions? = nil
        ) {
            self.server = server
            self.lockLease = lockLease
            self.lockGrace = lockGrace ?? SharedLock.Grace(lease: lockLease)
            self.intake = intake
        }
    }

    package var records: ReportStore?
    /// Whether the end of what each stage printed is kept with the record.
    package var keepsStageLogs: Bool
    package var redis: Redis?
    /// The time between two tries to sign in to MongoDB anew; nil: the usual one.
    package var signInPause: Duration?

    package init(records: ReportStore? = nil, keepsStageLogs: Bool = true, redis: Redis? = nil) {
        self.records = records
        self.keepsStageLogs = keepsStageLogs
        self.redis = redis
    }
}
