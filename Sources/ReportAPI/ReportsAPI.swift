/// The API group's constants: names that are on objects and so never change within a version.
public enum ReportsAPI {
    public static let group = "reports.ers.dev"
    public static let version = "v1"

    /// What `app.kubernetes.io/managed-by` says on everything that the operator creates.
    public static let manager = "report-operator"

    /// The type of the only Secrets that the courier reads for channels.
    public static let channelSecretType = "\(group)/channel"

    /// Selects the Jobs and pods of every run: by our own label, since the common ones are rewritten by other tools.
    public static let runSelector = Label.requestUID

    /// Selects the CronJobs and the ticks of every schedule.
    public static let scheduleSelector = Label.scheduleUID

    public enum Finalizer {
        /// Every one that the operator puts on a request.
        public static let all: Set = [record, sharedLock, tick]

        /// Keeps a request until its end, and its deletion, are in the record.
        public static let record = "\(group)/record"
        /// Keeps a request until it has given the shared lock back.
        public static let sharedLock = "\(group)/shared-lock"
        /// Keeps a schedule's request until its tick says that it was made, so that none is made twice.
        public static let tick = "\(group)/tick"
        /// Keeps a delivery from its first claim until its end is stored. Not on requests.
        public static let delivery = "\(group)/delivery"
    }

    public enum Label {
        /// Velero's, on Jobs, their pods, CronJobs and workspace claims: restored without their owners, which Velero takes
        /// off, nobody would know them for the operator's, and a Job would run its stage again.
        public static let excludeFromBackup = "velero.io/exclude-from-backup"
        public static let managedBy = "app.kubernetes.io/managed-by"
        /// The request's name, shortened where it is longer than a label may be; for people.
        public static let request = "\(group)/request"
        /// On a request: its pipeline, shortened where it is longer than a label may be; for people.
        public static let pipeline = "\(group)/pipeline"
        /// On a request: who asks, as a label can have it, such as `dana_example.com`; for people.
        public static let requester = "\(group)/requester"
        /// The request's uid: selects what is watched. Whose an object is, its owner reference says.
        public static let requestUID = "\(group)/request-uid"
        public static let stage = "\(group)/stage"
        public static let attempt = "\(group)/attempt"
        /// On a delivery of the operator's: its entry's place in the list that was pinned with the run.
        public static let place = "\(group)/place"
        /// On a delivery of the operator's that tells the requester of another one's failure: `DeliveryFailed`.
        public static let notice = "\(group)/notice"
        /// `ConcurrencyGroup.id`, so that what still runs of a deleted request keeps its place.
        public static let concurrencyGroup = "\(group)/concurrency-group"
        /// On a request: which way in it came, where that wasn't the API server's own: `redis`. On a namespace: whether
        /// requests from Redis may be made in it: `allowed`.
        public static let intake = "\(group)/intake"
        /// The schedule's name, shortened where it is longer than a label may be; for people.
        public static let schedule = "\(group)/schedule"
        /// The schedule's uid, on its CronJob, its ticks and its requests.
        public static let scheduleUID = "\(group)/schedule-uid"
        /// On a request: the tick that it was made for, and the CronJob whose tick that was.
        public static let tickUID = "\(group)/tick-uid"
        public static let cronJobUID = "\(group)/cronjob-uid"
        /// On a request of a schedule: a fingerprint over its schedule, its tick, its namespace and its name, by which it is
        /// told from copies.
        public static let origin = "\(group)/origin"
        /// On a request: the trigger that it was made for, its name shortened where it is longer than a label may be, and its
        /// uid.
        public static let trigger = "\(group)/trigger"
        public static let triggerUID = "\(group)/trigger-uid"
        /// On a request that was cancelled because its tick was deleted.
        public static let replaced = "\(group)/replaced"
    }

    public enum Annotation {
        /// On a request: the uid with which the operator took it up. One that comes back from a backup has another uid.
        public static let acceptedUID = "\(group)/accepted-uid"
        /// On a request: the place in a trace that asked for it, as `TraceParent` has it.
        public static let traceParent = "\(group)/traceparent"
        /// On a request: the operator that took it up, by namespace and name of its Lease; and another that would have, which
        /// acts for the same namespace by mistake.
        public static let `operator` = "\(group)/operator"
        public static let otherOperator = "\(group)/other-operator"
        /// The id of the stream's entry that a request came with.
        public static let streamEntry = "\(group)/stream-entry"
        /// On a schedule's request: the time that it is for, as clocks in the schedule's zone show it; for people.
        public static let scheduledTime = "\(group)/scheduled-time"
        /// On a tick: the name and the uid of the request that was made for it.
        public static let request = "\(group)/request"
        public static let requestUID = "\(group)/request-uid"
    }
}

/// The release that operator and command line tool are of.
public enum Version {
    public static let current = "0.1.0"
}
