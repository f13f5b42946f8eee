package import ReportAPI
package import ReportLayout
package import ReportRecords

/// All that a file is made of, but for the rows: what is handed to the process that makes it.
package struct RenderJob: Codable, Sendable {
    package var format: OutputFormat
    /// The plain table when nil.
    package var layout: LayoutSpec?
    package var result: ReportResult
    package var identity: ReportIdentity
    package var pipelineTitle: String?
    /// Those that the pipeline declares.
    package var parameters: [ParameterSpec]?
    /// A name of the zone database.
    package var timeZone: String
    /// Columns and the values that rows need in them; nil: all rows.
    package var only: [String: String]?

    package init(
        format: OutputFormat, layout: LayoutSpec?, result: ReportResult, identity: ReportIdentity,
        pipelineTitle: String? = nil, parameters: [ParameterSpec]? = nil, timeZone: String
    ) {
        self.format = format
        self.layout = layout
        self.result = result
        self.identity = identity
        self.pipelineTitle = pipelineTitle
        self.parameters = parameters
        self.timeZone = timeZone
    }
}

/// What came of it: the last line that the process prints.
package enum RenderOutcome: Codable, Hashable, Sendable {
    case made
    /// The layout doesn't fit what was published: each fault with its place.
    case refused([String])
    /// The world's fault, such as a full disk.
    case failed(String)
}
