package import KubernetesModel
package import ReportAPI

/// How much of a list is asked for, and from where.
package struct PageQuery<Position: Cursor>: Hashable, Sendable {
    package static var limits: ClosedRange<Int> { 1...500 }
    package static var defaultLimit: Int { 50 }

    package var limit: Int
    package var cursor: Position?

    package init(limit: Int = Self.defaultLimit, cursor: Position? = nil) {
        self.limit = limit
        self.cursor = cursor
    }

    init(_ parameters: inout QueryParameters) {
        limit = parameters.integer("limit", Self.limits) ?? Self.defaultLimit
        cursor = parameters.cursor()
    }
}

/// Of `GET /requests`.
package struct RequestListQuery: Hashable, Sendable {
    package var namespace: String?
    package var pipeline: String?
    /// Any, where it is empty.
    package var phases: [ReportRequestStatus.Phase]
    /// An e-mail address or a name.
    package var requester: String?
    package var isMine: Bool
    package var schedule: String?
    package var isLive: Bool?
    package var from: Timestamp?
    /// Not included.
    package var to: Timestamp?
    package var page: PageQuery<TimeCursor>

    package init(_ query: String?) throws(Problem) {
        var parameters = try QueryParameters(query)
        namespace = parameters.name("namespace")
        pipeline = parameters.text("pipeline", lengths: 0...253)
        phases = parameters.choices("phase", upTo: 6)
        requester = parameters.text("requester", lengths: 0...320)
        isMine = parameters.bool("mine") ?? false
        schedule = parameters.text("schedule", lengths: 0...253)
        isLive = parameters.bool("live")
        from = parameters.time("from")
        to = parameters.time("to")
        page = PageQuery(&parameters)
        try parameters.finish()
    }
}

/// Of `GET /pipelines`.
package struct PipelineListQuery: Hashable, Sendable {
    package var namespace: String?
    /// In lower case; a pipeline's name, title or description contains each of them.
    package var words: [String]
    package var page: PageQuery<NameCursor>

    package init(_ query: String?) throws(Problem) {
        var parameters = try QueryParameters(query)
        namespace = parameters.name("namespace")
        words = (parameters.text("q", lengths: 0...200) ?? "").split(whereSeparator: \.isWhitespace)
            .map { $0.lowercased() }
        page = PageQuery(&parameters)
        try parameters.finish()
    }

    /// Whether a pipeline is one that was searched for.
    package func matches(_ pipeline: PipelineSummaryView) -> Bool {
        guard !words.isEmpty else { return true }
        let text = [pipeline.name, pipeline.title ?? "", pipeline.description ?? ""].joined(separator: "\n")
            .lowercased()
        return words.allSatisfy { text.contains($0) }
    }
}

/// Of `GET /schedules`.
package struct ScheduleListQuery: Hashable, Sendable {
    package var namespace: String?
    package var pipeline: String?
    package var page: PageQuery<NameCursor>

    package init(_ query: String?) throws(Problem) {
        var parameters = try QueryParameters(query)
        namespace = parameters.name("namespace")
        pipeline = parameters.text("pipeline", lengths: 0...253)
        page = PageQuery(&parameters)
        try parameters.finish()
    }
}

/// Of `GET /deliveries`.
package struct DeliveryListQuery: Hashable, Sendable {
    package var report: String?
    package var namespace: String?
    package var page: PageQuery<TimeCursor>

    package init(_ query: String?) throws(Problem) {
        var parameters = try QueryParameters(query)
        report = parameters.reportID("report")
        namespace = parameters.name("namespace")
        page = PageQuery(&parameters)
        try parameters.finish()
    }
}

/// Of `GET /channels`.
package struct ChannelListQuery: Hashable, Sendable {
    package var namespace: String

    package init(_ query: String?) throws(Problem) {
        var parameters = try QueryParameters(query)
        namespace = parameters.name("namespace", required: true) ?? ""
        try parameters.finish()
    }
}

/// Of `GET /queue` and `GET /events`: which namespace; all that the caller may see when absent.
package struct NamespaceQuery: Hashable, Sendable {
    package var namespace: String?

    package init(_ query: String?) throws(Problem) {
        var parameters = try QueryParameters(query)
        namespace = parameters.name("namespace")
        try parameters.finish()
    }
}

/// Of everything that takes no parameters.
package struct NoQuery: Hashable, Sendable {
    package init(_ query: String?) throws(Problem) { try QueryParameters(query).finish() }
}

/// Of `GET /reports/{id}/logs/{stage}`.
package struct LogQuery: Hashable, Sendable {
    /// The newest in which it ran, when absent.
    package var attempt: Int?

    package init(_ query: String?) throws(Problem) {
        var parameters = try QueryParameters(query)
        attempt = parameters.integer("attempt", 1...1_000_000)
        try parameters.finish()
    }
}

/// Of `GET /schedules/preview`.
package struct SchedulePreviewQuery: Hashable, Sendable {
    package var schedule: String
    package var timeZone: String?

    package init(_ query: String?) throws(Problem) {
        var parameters = try QueryParameters(query)
        schedule = parameters.text("schedule", lengths: 1...200, required: true) ?? ""
        timeZone = parameters.text("timeZone", lengths: 1...64)
        try parameters.finish()
    }
}
