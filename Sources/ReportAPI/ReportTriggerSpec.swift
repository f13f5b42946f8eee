package import KubernetesModel

/// Which alerts ask for a report, and for which.
package struct ReportTriggerSpec: Codable, Hashable, Sendable {
    package struct Match: Codable, Hashable, Sendable {
        /// An alert has all of these labels, with these values.
        package var labels: [String: String]

        package init(labels: [String: String]) { self.labels = labels }
    }

    /// What the requests are like; strings among the parameters may hold placeholders.
    package struct RequestTemplate: Codable, Hashable, Sendable {
        package var pipelineRef: ReportRequestSpec.PipelineReference
        package var parameters: [String: JSONValue]?
        package var requester: ReportRequestSpec.Requester?
        package var output: ReportRequestSpec.Output?
        package var deliver: [DeliverSpec]?
        package var priority: Int?
        package var ttlSecondsAfterFinished: Int?

        package init(
            pipelineRef: ReportRequestSpec.PipelineReference, parameters: [String: JSONValue]? = nil,
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
    package struct Step: Codable, Hashable, Sendable {
        /// From the firing's first notice.
        package var after: ReportDuration
        /// In place of the template's.
        package var deliver: [DeliverSpec]

        package init(after: ReportDuration, deliver: [DeliverSpec]) {
            self.after = after
            self.deliver = deliver
        }
    }

    package var match: Match
    package var request: RequestTemplate
    /// How long after a firing's first notice another one of the same alert makes no request; `defaultCooldown` when absent.
    package var cooldown: ReportDuration?
    /// How long after its last notice an alert still counts as firing; `defaultRepeat` and `cooldown` together when absent.
    package var staleAfter: ReportDuration?
    package var escalation: [Step]?
    /// The SHA-256, in hexadecimal digits, of the token that notices come with.
    package var tokenSHA256: String

    /// Seconds.
    package static let defaultCooldown: Int64 = 3600
    /// Seconds: Alertmanager's own `repeat_interval`, between two notices of an alert that goes on.
    package static let defaultRepeat: Int64 = 4 * 3600
    package static let maximumSteps = 10

    package init(
        match: Match, request: RequestTemplate, cooldown: ReportDuration? = nil, staleAfter: ReportDuration? = nil,
        escalation: [Step]? = nil, tokenSHA256: String
    ) {
        self.match = match
        self.request = request
        self.cooldown = cooldown
        self.staleAfter = staleAfter
        self.escalation = escalation
        self.tokenSHA256 = tokenSHA256
    }
}
