/// What a run of a report does. Pinned into the request's status when the request is accepted.
package struct PipelineSpec: Codable, Hashable, Sendable {
    package var title: String?
    package var description: String?
    package var parameters: [ParameterSpec]?
    package var concurrency: ConcurrencySpec?
    package var workspace: WorkspaceSpec?
    /// Of the run, counted from its first stage's start.
    package var timeout: ReportDuration?
    /// What a run has to bring, or it fails; nothing when absent.
    package var expect: ExpectSpec?
    /// How its rows are shown; a plain table of all columns when absent.
    package var report: LayoutSpec?
    /// Where it goes when a run ends, of requests that don't say.
    package var deliver: [DeliverSpec]?
    package var stages: [StageSpec]

    package init(
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
package struct ConcurrencySpec: Codable, Hashable, Sendable {
    package enum Scope: String, Codable, Sendable, CaseIterable {
        case namespace = "Namespace"
        /// Over several clusters, by a lock in Redis.
        case shared = "Shared"
    }

    /// Runs of one key share a limit; the pipeline's name when absent.
    package var key: String?
    /// 1 when absent.
    package var limit: Int?
    /// Namespace when absent.
    package var scope: Scope?

    package init(key: String? = nil, limit: Int? = nil, scope: Scope? = nil) {
        self.key = key
        self.limit = limit
        self.scope = scope
    }
}

/// What a run has to bring besides stages that succeed.
package struct ExpectSpec: Codable, Hashable, Sendable {
    /// Whether it fails where it has published no rows; false when absent.
    package var rows: Bool?

    package init(rows: Bool? = nil) { self.rows = rows }
}

/// A volume claimed for each run and mounted at /workspace in each of its stages.
package struct WorkspaceSpec: Codable, Hashable, Sendable {
    /// A Kubernetes quantity, such as `1Gi`.
    package var size: String
    /// The cluster's default class when absent.
    package var storageClassName: String?
    /// `[ReadWriteOnce]` when absent.
    package var accessModes: [String]?
    /// How long it stays after a run that succeeded; `24h` when absent.
    package var keep: ReportDuration?

    package init(
        size: String, storageClassName: String? = nil, accessModes: [String]? = nil, keep: ReportDuration? = nil
    ) {
        self.size = size
        self.storageClassName = storageClassName
        self.accessModes = accessModes
        self.keep = keep
    }
}
