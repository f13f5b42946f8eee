/// When a report is made, and how it is asked for.
public struct ReportScheduleSpec: Codable, Hashable, Sendable {
    public enum ConcurrencyPolicy: String, Codable, Sendable, CaseIterable {
        case allow = "Allow"
        case forbid = "Forbid"
        case replace = "Replace"
    }

    /// Days on which nobody works, beside the ends of weeks.
    public struct Holidays: Codable, Hashable, Sendable {
        /// A key of a ConfigMap in the schedule's namespace, whose value has a date on each line.
        public struct Source: Codable, Hashable, Sendable {
            public static let defaultKey = "holidays"

            public var name: String
            /// `defaultKey` when nil.
            public var key: String?

            public init(name: String, key: String? = nil) {
                self.name = name
                self.key = key
            }
        }

        /// Such as `2026-12-25`.
        public var dates: [String]?
        public var configMap: Source?

        public init(dates: [String]? = nil, configMap: Source? = nil) {
            self.dates = dates
            self.configMap = configMap
        }
    }

    /// On which days the clock makes no request.
    public enum SkipOn: String, Codable, Sendable, CaseIterable {
        case holidays
    }

    /// How many finished requests are kept as resources.
    public struct History: Codable, Hashable, Sendable {
        /// Of each, where a schedule doesn't say.
        public static let defaultCount = 3

        public var succeeded: Int?
        /// Of the failed and the cancelled ones.
        public var failed: Int?

        public init(succeeded: Int? = nil, failed: Int? = nil) {
            self.succeeded = succeeded
            self.failed = failed
        }
    }

    /// What the requests are like; strings among the parameters may hold placeholders.
    public struct RequestTemplate: Codable, Hashable, Sendable {
        public struct Metadata: Codable, Hashable, Sendable {
            public var labels: [String: String]?
            public var annotations: [String: String]?

            public init(labels: [String: String]? = nil, annotations: [String: String]? = nil) {
                self.labels = labels
                self.annotations = annotations
            }
        }

        public var metadata: Metadata?
        public var spec: ReportRequestSpec

        public init(metadata: Metadata? = nil, spec: ReportRequestSpec) {
            self.metadata = metadata
            self.spec = spec
        }
    }

    /// In cron's five fields, or such as `@daily`.
    public var schedule: String
    /// An IANA name; when absent, the controller manager's zone for the schedule, and UTC for placeholders.
    public var timeZone: String?
    /// `Forbid` when absent.
    public var concurrencyPolicy: ConcurrencyPolicy?
    public var startingDeadlineSeconds: Int?
    public var suspend: Bool?
    public var history: History?
    /// What `{workday}` leaves out, and `skipOn` skips.
    public var holidays: Holidays?
    public var skipOn: SkipOn?
    public var request: RequestTemplate

    public init(
        schedule: String,
        timeZone: String? = nil,
        concurrencyPolicy: ConcurrencyPolicy? = nil,
        startingDeadlineSeconds: Int? = nil,
        suspend: Bool? = nil,
        history: History? = nil,
        holidays: Holidays? = nil,
        skipOn: SkipOn? = nil,
        request: RequestTemplate
    ) {
        self.schedule = schedule
        self.timeZone = timeZone
        self.concurrencyPolicy = concurrencyPolicy
        self.startingDeadlineSeconds = startingDeadlineSeconds
        self.suspend = suspend
        self.history = history
        self.holidays = holidays
        self.skipOn = skipOn
        self.request = request
    }
}
