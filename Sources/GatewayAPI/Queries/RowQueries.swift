package import KubernetesModel

/// Of `GET /reports/{id}/rows`.
package struct RowsQuery: Hashable, Sendable {
    package var format: RowsWriter.Format
    /// All rows when absent.
    package var limit: Int?
    package var cursor: RowCursor?

    package init(_ query: String?) throws(Problem) {
        var parameters = try QueryParameters(query)
        format = parameters.choice("format") ?? .json
        limit = parameters.integer("limit", 1...1_048_576)
        cursor = parameters.cursor()
        try parameters.finish()
    }
}

/// Of `GET /reports/{id}/files/{format}`.
package struct FileQuery: Hashable, Sendable {
    /// Of HTML: to be shown in a frame of the page.
    package var isInline: Bool

    package init(_ query: String?) throws(Problem) {
        var parameters = try QueryParameters(query)
        isInline = parameters.bool("inline") ?? false
        try parameters.finish()
    }
}

/// Of `GET /pipelines/{namespace}/{name}/latest/rows` and `…/latest/files/{format}`.
package struct LatestQuery: Hashable, Sendable {
    package var format: RowsWriter.Format
    /// Only of reports with these parameters, in their canonical text.
    package var parameters: [String: String]

    /// `isFile`: of files, whose format is in the path.
    package init(_ query: String?, isFile: Bool) throws(Problem) {
        var parameters = try QueryParameters(query)
        format = isFile ? .json : parameters.choice("format") ?? .json
        self.parameters = parameters.map("p", upTo: 20, valueLength: 1000)
        try parameters.finish()
    }
}

/// Of `GET /rows`: the rows of a pipeline's reports, one after the other.
package struct SeriesQuery: Hashable, Sendable {
    package var namespace: String
    package var pipeline: String
    package var since: Timestamp
    /// Not included; now when absent.
    package var until: Timestamp?
    package var format: RowsWriter.Format

    package init(_ query: String?) throws(Problem) {
        var parameters = try QueryParameters(query)
        namespace = parameters.name("namespace", required: true) ?? ""
        pipeline = parameters.name("pipeline", required: true) ?? ""
        since = parameters.time("since", required: true) ?? Timestamp(seconds: 0)
        until = parameters.time("until")
        format = parameters.choice("format") ?? .json
        try parameters.finish()
    }
}
