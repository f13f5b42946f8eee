package import KubernetesModel

/// What became of a schedule. Written by the operator alone, one patch a pass.
package struct ReportScheduleStatus: Codable, Hashable, Sendable {
    /// A request that hasn't ended.
    package struct ActiveRequest: Codable, Hashable, Sendable {
        package var name: String
        /// The time that it is for; when it was asked for, where it wasn't scheduled.
        package var scheduledTime: Timestamp?

        package init(name: String, scheduledTime: Timestamp? = nil) {
            self.name = name
            self.scheduledTime = scheduledTime
        }
    }

    package var observedGeneration: Int64?
    /// The name of the schedule's CronJob, once there is one.
    package var cronJob: String?
    package var active: [ActiveRequest]?
    /// How many are active: for the column, which can't count.
    package var activeCount: Int?
    /// The latest scheduled time that there was a tick for.
    package var lastScheduleTime: Timestamp?
    /// When it comes next; nil where it doesn't tick.
    package var nextScheduleTime: Timestamp?
    /// The latest scheduled time that was skipped, since it was on a holiday.
    package var lastSkippedTime: Timestamp?
    /// When a run last succeeded.
    package var lastSuccessfulTime: Timestamp?
    /// `Ready` alone.
    package var conditions: [Condition]?

    package init() {}

    /// Whether it ticks as its spec says, and why not.
    package var ready: Condition? { conditions?.first { $0.type == Self.readyCondition } }

    /// Whether its CronJob ticks as the spec says, as far as is known: what can't be made of one tick doesn't keep the next
    /// from coming.
    package var ticks: Bool {
        guard ready?.status == "False", let reason = ready?.reason else { return true }
        return [Reason.requestNotCreated, Reason.holidaysUnavailable].contains(reason)
            || Self.failingReasons.contains(reason)
    }

    /// Of one that ticks, and each of whose runs fails.
    package static let failingReasons: Set = [
        Reason.pipelineNotFound, Reason.pipelineNotReady, Reason.invalidParameters,
    ]

    package static let readyCondition = "Ready"
}
