package import FoundationEssentials

/// A file that somebody waits for: a document of `report_wanted`. Who asks inserts it, the courier writes the answer.
package struct WantedFile: Codable, Hashable, Sendable {
    /// `report/format/` and what tells this asking from others.
    package var id: String
    /// The request's uid.
    package var reportID: String
    /// Of `OutputFormat`.
    package var format: String
    package var askedAt: Date
    /// The name of the file, once it is there.
    package var file: String?
    /// Whether a stage has made it: it is in `report_stage_files` then, else in `report_files`.
    package var isStageFile: Bool?
    /// Why there will be none, for a person.
    package var fault: String?
    package var answeredAt: Date?

    package init(id: String, reportID: String, format: String, askedAt: Date) {
        self.id = id
        self.reportID = reportID
        self.format = format
        self.askedAt = askedAt
    }

    package var isAnswered: Bool { file != nil || fault != nil }

    package enum CodingKeys: String, CodingKey {
        case id = "_id"
        case reportID, format, askedAt, file, isStageFile, fault, answeredAt
    }
}
