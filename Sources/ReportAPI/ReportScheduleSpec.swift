/// When a report is made, and how it is asked for.
package struct ReportScheduleSpec: Codable, Hashable, Sendable {
    package enum ConcurrencyPolicy: String, Codable, Sendable, CaseIterable {
        case allow = "Allow"
        case forbid = "Forbid"
        case replace = "Replace"
    }

    /// Days on which nobody works, beside the ends of weeks.
    package struct Holidays: Codable, Hashable, Sendable {
        /// A key of a ConfigMap in the schedule's namespace, whose value has a date on each line.
        package struct Source: Codable, Hashable, Sendable {
            package static let defaultKey = "holidays"

            package var name: String
            /// `defaultKey` when nil.
            package var key: String?

            package init(name: String, key: String? = nil) {
                self.name = name
                self.key = key
            }
        }

        /// Such as `2026-12-25`.
        package var dates: [String]?
        package var configMap: Source?

        package init(dates: [String]? = nil, configMap: Source? = nil) {
            self.dates = dates
            self.configMap = configMap
        }
    }

    /// On which days the clock makes no request.
    package enum SkipOn: String, Codable, Sendable, CaseIterable {
        case holidays
    }

    /// How many finished requests are kept as resources.
    package struct History: Codable, Hashable, Sendable {
        /// Of each, where a schedule doesn't say.
        package static let defaultCount = 3

        package var succeeded: Int?
        /// Of the failed and the cancelled ones.
        package var failed: Int?

        package init(succeeded: Int? = nil, failed: Int? = nil) {
            self.succeeded = succeeded
            self.failed = failed
        }
    }

    /// What the requests are like; strings among the parameters may hold placeholders.
    package struct RequestTemplate: Codable, Hashable, Sendable {
        package struct Metadata: Codable, Hashable, Sendable {
            package var labels: [String: String]?
            package var annotations: [String: String]?

            package init(labels: [String: String]? = nil, annotations: [String: String]? = nil) {
                self.labels = labels
                self.annotations = annotations
            }
        }

        package var metadata: Metadata?
        package var spec: ReportRequestSpec

        package init(metadata: Metadata? = nil, spec: ReportRequestSpec) {
            self.metadata = metadata
            self.spec = spec
        }
    }

    /// In cron's five fields, or such as `@daily`.
    package var schedule: String
    /// An IANA name; when absent, the controller manager's zone for the schedule, and UTC for placeholders.
    package var timeZone: String?
    /// `Forbid` when absent.
    package var concurrencyPolicy: ConcurrencyPolicy?
    package var startingDeadlineSeconds: Int?
    package var suspend: Bool?
    package var history: History?
    /// What `{workday}` leaves out, and `skipOn` skips.
    package var holidays: Holidays?
    package var skipOn: SkipOn?
    package var request: RequestTemplate

    package init(
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
