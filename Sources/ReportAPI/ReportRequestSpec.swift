package import KubernetesModel

/// What was asked for, by whom, and what to do with it since.
package struct ReportRequestSpec: Codable, Hashable, Sendable {
    package struct PipelineReference: Codable, Hashable, Sendable {
        package var name: String

        package init(name: String) { self.name = name }
    }

    package struct Requester: Codable, Hashable, Sendable {
        package var name: String?
        package var email: String?

        package init(name: String? = nil, email: String? = nil) {
            self.name = name
            self.email = email
        }
    }

    package struct Output: Codable, Hashable, Sendable {
        /// Of `OutputFormat`, where it is valid.
        package var formats: [String]?

        package init(formats: [String]? = nil) { self.formats = formats }
    }

    /// Exactly one of `pipelineRef` and `pipeline` is set.
    package var pipelineRef: PipelineReference?
    package var pipeline: PipelineSpec?
    package var parameters: [String: JSONValue]?
    package var requester: Requester?
    package var output: Output?
    /// Where the report goes when its run ends; the pipeline's list, or the default channels, when absent.
    package var deliver: [DeliverSpec]?
    /// Higher first among the queued; 0 when absent.
    package var priority: Int?
    /// Stops the run and keeps its record.
    package var cancel: Bool?
    /// Raised on a finished run to resume it; 1 when absent.
    package var attempt: Int?
    /// Seconds that a finished request is kept as a resource; for ever when absent.
    package var ttlSecondsAfterFinished: Int?

    package init(
        pipelineRef: PipelineReference? = nil,
        pipeline: PipelineSpec? = nil,
        parameters: [String: JSONValue]? = nil,
        requester: Requester? = nil,
        output: Output? = nil,
        deliver: [DeliverSpec]? = nil,
        priority: Int? = nil,
        cancel: Bool? = nil,
        attempt: Int? = nil,
        ttlSecondsAfterFinished: Int? = nil
    ) {
        self.pipelineRef = pipelineRef
        self.pipeline = pipeline
        self.parameters = parameters
        self.requester = requester
        self.output = output
        self.deliver = deliver
        self.priority = priority
        self.cancel = cancel
        self.attempt = attempt
        self.ttlSecondsAfterFinished = ttlSecondsAfterFinished
    }
}
