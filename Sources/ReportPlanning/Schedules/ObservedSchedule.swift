package import Calendars
package import KubernetesModel
package import ReportAPI

/// Everything that a decision about one schedule may rest on.
package struct ObservedSchedule: Sendable {
    /// What the schedule's clocks show.
    package enum Zone: Hashable, Sendable {
        case known(ZoneRules)
        /// Why not, for people.
        case unknown(String)
    }

    /// The pipeline that it names.
    package enum Pipeline: Sendable {
        /// Nothing is known of it, or it brings its own.
        case unknown
        case missing
        /// `zoneFault`: why the time zone of its report can't be, for people.
        case found(ReportPipeline, zoneFault: String?)
    }

    /// The ConfigMap that it names for its holidays.
    package enum HolidayMap: Hashable, Sendable {
        /// It names none, or hasn't been looked at yet.
        case unread
        case missing
        /// Why it may not be read, in the API server's words.
        case refused(String)
        /// With what is under its keys.
        case found([String: String])
    }

    package enum Setback: Hashable, Sendable {
        /// The API server will never take it as it is.
        case refused(String)
        /// It may take it later.
        case postponed(String)
        /// Something else has that name.
        case taken
        /// The API server has taken it without its time zone.
        case zoneDropped
    }

    /// The schedule's uid, also when it is gone.
    package var uid: String
    /// Nil when it is gone.
    package var schedule: ReportSchedule?
    package var zone: Zone
    package var pipeline: Pipeline
    package var holidays: HolidayMap
    /// Whether its namespace's schedules may bring pipelines of their own.
    package var inlinePipelines: InlinePipelines
    /// The version of `batch` that has CronJobs, such as `v1`.
    package var cronJobVersion: String
    /// Whether the server's CronJobs have time zones.
    package var knowsTimeZones: Bool
    /// The CronJob that the schedule controls.
    package var cronJob: CronJob?
    /// The Jobs that carry the schedule's uid.
    package var ticks: [Tick]
    /// The requests that carry the schedule's uid.
    package var requests: [ReportRequest]
    /// The uids of those whose present state can't be read: what is known of them is older, and nothing is written to them on
    /// its strength.
    package var unreadable: Set<String>
    /// What failed of the last passes, for this generation of the schedule: by the CronJob's name, and by ticks' uids.
    package var setbacks: [String: Setback]
    /// The uids of the requests of which something waits to be told outside the cluster.
    package var untold: Set<String>

    package init(
        uid: String, schedule: ReportSchedule?, zone: Zone = .known(.utc), pipeline: Pipeline = .unknown,
        holidays: HolidayMap = .unread, inlinePipelines: InlinePipelines = .allowed, cronJobVersion: String = "v1",
        knowsTimeZones: Bool = true, cronJob: CronJob? = nil, ticks: [Tick] = [], requests: [ReportRequest] = [],
        unreadable: Set<String> = [], setbacks: [String: Setback] = [:], untold: Set<String> = []
    ) {
        self.uid = uid
        self.schedule = schedule
        self.zone = zone
        self.pipeline = pipeline
        self.holidays = holidays
        self.inlinePipelines = inlinePipelines
        self.cronJobVersion = cronJobVersion
        self.knowsTimeZones = knowsTimeZones
        self.cronJob = cronJob
        self.ticks = ticks
        self.requests = requests
        self.unreadable = unreadable
        self.setbacks = setbacks
        self.untold = untold
    }
}
