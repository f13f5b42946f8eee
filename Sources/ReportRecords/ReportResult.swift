package import FoundationEssentials

/// What a report published: a document of `report_results`. Says which rows count, and how many there are.
package struct ReportResult: Codable, Hashable, Sendable {
    package struct Column: Codable, Hashable, Sendable {
        package var name: String
        /// What the stage calls it: `string`, `integer`, `decimal`, `date` (a day), `month`, `timestamp` (an instant) or
        /// `boolean`. Others are shown as their values are.
        package var type: String?

        package init(name: String, type: String? = nil) {
            self.name = name
            self.type = type
        }
    }

    /// The request's uid.
    package var uid: String
    package var attempt: Int
    /// Number of documents that the rows are divided into.
    package var buckets: Int
    package var rows: Int
    package var columns: [Column]
    package var publishedAt: Date

    package init(uid: String, attempt: Int, buckets: Int, rows: Int, columns: [Column], publishedAt: Date) {
        self.uid = uid
        self.attempt = attempt
        self.buckets = buckets
        self.rows = rows
        self.columns = columns
        self.publishedAt = publishedAt
    }

    package enum CodingKeys: String, CodingKey {
        case uid = "_id"
        case attempt, buckets, rows, columns, publishedAt
    }
}
