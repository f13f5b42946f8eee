/// When a report is made, and how it is asked for.
package struct ReportScheduleSpec: Codable, Hashable, Sendable {
    package enum ConcurrencyPolicy: String, Codable, Sendable, CaseIterable {
        case allow = "Allow"
        case forbid = "Forbid"
        case replace = "Replace"
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
    package var request: RequestTemplate

    package init(
        schedule: String,
        timeZone: String? = nil,
        concurrencyPolicy: ConcurrencyPolicy? = nil,
        startingDeadlineSeconds: Int? = nil,
        suspend: Bool? = nil,
        history: History? = nil,
        request: RequestTemplate
    ) {
        self.schedule = schedule
        self.timeZone = timeZone
        self.concurrencyPolicy = concurrencyPolicy
        self.startingDeadlineSeconds = startingDeadlineSeconds
        self.suspend = suspend
        self.history = history
        self.request = request
    }
}
