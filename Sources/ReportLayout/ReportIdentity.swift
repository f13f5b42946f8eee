package import KubernetesModel

/// Which report a file is made of: for a page's foot, a workbook's properties, placeholders.
package struct ReportIdentity: Codable, Hashable, Sendable {
    /// The request's uid.
    package var reportID: String
    package var namespace: String
    package var name: String
    /// nil where the request carried its own.
    package var pipeline: String?
    /// The attempt whose rows these are.
    package var attempt: Int
    package var publishedAt: Timestamp
    /// When the source was read that the rows come from.
    package var asOf: Timestamp
    package var requester: String?
    package var parameters: JSONObject

    package init(
        reportID: String, namespace: String, name: String, pipeline: String? = nil, attempt: Int,
        publishedAt: Timestamp, asOf: Timestamp, requester: String? = nil, parameters: JSONObject = [:]
    ) {
        self.reportID = reportID
        self.namespace = namespace
        self.name = name
        self.pipeline = pipeline
        self.attempt = attempt
        self.publishedAt = publishedAt
        self.asOf = asOf
        self.requester = requester
        self.parameters = parameters
    }
}
