public import KubernetesModel

/// What was asked for, by whom, and what to do with it since.
public struct ReportRequestSpec: Codable, Hashable, Sendable {
    public struct PipelineReference: Codable, Hashable, Sendable {
        public var name: String

        public init(name: String) { self.name = name }
    }

    public struct Requester: Codable, Hashable, Sendable {
        public var name: String?
        public var email: String?

        public init(name: String? = nil, email: String? = nil) {
            self.name = name
            self.email = email
        }
    }

    public struct Output: Codable, Hashable, Sendable {
        /// Of `OutputFormat`, where it is valid.
        public var formats: [String]?

        public init(formats: [String]? = nil) { self.formats = formats }
    }

    /// Exactly one of `pipelineRef` and `pipeline` is set.
    public var pipelineRef: PipelineReference?
    public var pipeline: PipelineSpec?
    public var parameters: JSONObject?
    public var requester: Requester?
    public var output: Output?
    /// Where the report goes when its run ends; the pipeline's list, or the default channels, when absent.
    public var deliver: [DeliverSpec]?
    /// Higher first among the queued; 0 when absent.
    public var priority: Int?
    /// Stops the run and keeps its record.
    public var cancel: Bool?
    /// Raised on a finished run to resume it; 1 when absent.
    public var attempt: Int?
    /// Seconds that a finished request is kept as a resource; for ever when absent.
    public var ttlSecondsAfterFinished: Int?

    public init(
        pipelineRef: PipelineReference? = nil,
        pipeline: PipelineSpec? = nil,
        parameters: JSONObject? = nil,
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
