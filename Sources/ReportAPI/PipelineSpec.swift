/// What a run of a report does. Pinned into the request's status when the request is accepted.
public struct PipelineSpec: Codable, Hashable, Sendable {
    public var title: String?
    public var description: String?
    public var parameters: [ParameterSpec]?
    public var concurrency: ConcurrencySpec?
    public var workspace: WorkspaceSpec?
    /// Of the run, counted from its first stage's start.
    public var timeout: ReportDuration?
    /// What a run has to bring, or it fails; nothing when absent.
    public var expect: ExpectSpec?
    /// How its rows are shown; a plain table of all columns when absent.
    public var report: LayoutSpec?
    /// Where it goes when a run ends, of requests that don't say.
    public var deliver: [DeliverSpec]?
    public var stages: [StageSpec]

    public init(
        title: String? = nil,
        description: String? = nil,
        parameters: [ParameterSpec]? = nil,
        concurrency: ConcurrencySpec? = nil,
        workspace: WorkspaceSpec? = nil,
        timeout: ReportDuration? = nil,
        expect: ExpectSpec? = nil,
        report: LayoutSpec? = nil,
        deliver: [DeliverSpec]? = nil,
        stages: [StageSpec]
    ) {
        self.title = title
        self.description = description
        self.parameters = parameters
        self.concurrency = concurrency
        self.workspace = workspace
        self.timeout = timeout
        self.expect = expect
        self.report = report
        self.deliver = deliver
        self.stages = stages
    }
}

/// How many runs go on at once.
public struct ConcurrencySpec: Codable, Hashable, Sendable {
    public enum Scope: String, Codable, Sendable, CaseIterable {
        case namespace = "Namespace"
        /// Over several clusters, by a lock in Redis.
        case shared = "Shared"
    }

    /// Runs of one key share a limit; the pipeline's name when absent.
    public var key: String?
    /// 1 when absent.
    public var limit: Int?
    /// Namespace when absent.
    public var scope: Scope?

    public init(key: String? = nil, limit: Int? = nil, scope: Scope? = nil) {
        self.key = key
        self.limit = limit
        self.scope = scope
    }
}

/// What a run has to bring besides stages that succeed.
public struct ExpectSpec: Codable, Hashable, Sendable {
    /// Whether it fails where it has published no rows; false when absent.
    public var rows: Bool?

    public init(rows: Bool? = nil) { self.rows = rows }
}

/// A volume claimed for each run and mounted at /workspace in each of its stages.
public struct WorkspaceSpec: Codable, Hashable, Sendable {
    /// A Kubernetes quantity, such as `1Gi`.
    public var size: String
    /// The cluster's default class when absent.
    public var storageClassName: String?
    /// `[ReadWriteOnce]` when absent.
    public var accessModes: [String]?
    /// How long it stays after a run that succeeded; `24h` when absent.
    public var keep: ReportDuration?

    public init(
        size: String, storageClassName: String? = nil, accessModes: [String]? = nil, keep: ReportDuration? = nil
    ) {
        self.size = size
        self.storageClassName = storageClassName
        self.accessModes = accessModes
        self.keep = keep
    }
}
