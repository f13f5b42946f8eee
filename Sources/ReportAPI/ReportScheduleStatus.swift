public import KubernetesModel

/// What became of a schedule. Written by the operator alone, one patch a pass.
public struct ReportScheduleStatus: Codable, Hashable, Sendable {
    /// A request that hasn't ended.
    public struct ActiveRequest: Codable, Hashable, Sendable {
        public var name: String
        /// The time that it is for; when it was asked for, where it wasn't scheduled.
        public var scheduledTime: Timestamp?

        public init(name: String, scheduledTime: Timestamp? = nil) {
            self.name = name
            self.scheduledTime = scheduledTime
        }
    }

    public var observedGeneration: Int64?
    /// The name of the schedule's CronJob, once there is one.
    public var cronJob: String?
    public var active: [ActiveRequest]?
    /// How many are active: for the column, which can't count.
    public var activeCount: Int?
    /// The latest scheduled time that there was a tick for.
    public var lastScheduleTime: Timestamp?
    /// When it comes next; nil where it doesn't tick.
    public var nextScheduleTime: Timestamp?
    /// The latest scheduled time that was skipped, since it was on a holiday.
    public var lastSkippedTime: Timestamp?
    /// When a run last succeeded.
    public var lastSuccessfulTime: Timestamp?
    /// `Ready` alone.
    public var conditions: [Condition]?

    public init() {}

    /// Whether it ticks as its spec says, and why not.
    public var ready: Condition? { conditions?.first { $0.type == Self.readyCondition } }

    /// Whether its CronJob ticks as the spec says, as far as is known: what can't be made of one tick doesn't keep the next
    /// from coming.
    public var ticks: Bool {
        guard ready?.status == "False", let reason = ready?.reason else { return true }
        return [Reason.requestNotCreated, Reason.holidaysUnavailable].contains(reason)
            || Self.failingReasons.contains(reason)
    }

    /// Of one that ticks, and each of whose runs fails.
    public static let failingReasons: Set = [
        Reason.pipelineNotFound, Reason.pipelineNotReady, Reason.invalidParameters,
    ]

    public static let readyCondition = "Ready"
}
