public import KubernetesModel

/// Which alerts ask for a report, and for which.
public struct ReportTriggerSpec: Codable, Hashable, Sendable {
    public struct Match: Codable, Hashable, Sendable {
        /// An alert has all of these labels, with these values.
        public var labels: [String: String]

        public init(labels: [String: String]) { self.labels = labels }
    }

    /// What the requests are like; strings among the parameters may hold placeholders.
    public struct RequestTemplate: Codable, Hashable, Sendable {
        public var pipelineRef: ReportRequestSpec.PipelineReference
        public var parameters: JSONObject?
        public var requester: ReportRequestSpec.Requester?
        public var output: ReportRequestSpec.Output?
        public var deliver: [DeliverSpec]?
        public var priority: Int?
        public var ttlSecondsAfterFinished: Int?

        public init(
            pipelineRef: ReportRequestSpec.PipelineReference, parameters: JSONObject? = nil,
            requester: ReportRequestSpec.Requester? = nil, output: ReportRequestSpec.Output? = nil,
            deliver: [DeliverSpec]? = nil, priority: Int? = nil, ttlSecondsAfterFinished: Int? = nil
        ) {
            self.pipelineRef = pipelineRef
            self.parameters = parameters
            self.requester = requester
            self.output = output
            self.deliver = deliver
            self.priority = priority
            self.ttlSecondsAfterFinished = ttlSecondsAfterFinished
        }
    }

    /// Another request of the same template, while the alert still fires.
    public struct Step: Codable, Hashable, Sendable {
        /// From the firing's first notice.
        public var after: ReportDuration
        /// In place of the template's.
        public var deliver: [DeliverSpec]

        public init(after: ReportDuration, deliver: [DeliverSpec]) {
            self.after = after
            self.deliver = deliver
        }
    }

    /// A ticket of each firing, besides its request.
    public struct Ticket: Codable, Hashable, Sendable {
        /// A channel with `webhook.ticket`.
        public var channel: String

        public init(channel: String) { self.channel = channel }
    }

    public var match: Match
    public var request: RequestTemplate
    /// How long after a firing's first notice another one of the same alert makes no request; `defaultCooldown` when absent.
    public var cooldown: ReportDuration?
    /// How long after its last notice an alert still counts as firing; `defaultRepeat` and `cooldown` together when absent.
    public var staleAfter: ReportDuration?
    public var escalation: [Step]?
    public var ticket: Ticket?
    /// The SHA-256, in hexadecimal digits, of the token that notices come with.
    public var tokenSHA256: String

    /// Seconds.
    public static let defaultCooldown: Int64 = 3600
    /// Seconds: Alertmanager's own `repeat_interval`, between two notices of an alert that goes on.
    public static let defaultRepeat: Int64 = 4 * 3600
    public static let maximumSteps = 10

    /// Seconds, of `cooldown`.
    public var cooldownSeconds: Int64 { cooldown?.seconds ?? Self.defaultCooldown }
    /// Seconds, of `staleAfter`.
    public var staleSeconds: Int64 { staleAfter?.seconds ?? Self.defaultRepeat + cooldownSeconds }

    public init(
        match: Match, request: RequestTemplate, cooldown: ReportDuration? = nil, staleAfter: ReportDuration? = nil,
        escalation: [Step]? = nil, ticket: Ticket? = nil, tokenSHA256: String
    ) {
        self.match = match
        self.request = request
        self.cooldown = cooldown
        self.staleAfter = staleAfter
        self.escalation = escalation
        self.ticket = ticket
        self.tokenSHA256 = tokenSHA256
    }
}
