package import FoundationEssentials

/// A file that somebody waits for, or rows that are in an archive: a document of `report_wanted`. Who asks inserts it, the
/// courier writes the answer.
package struct WantedFile: Codable, Hashable, Sendable {
    /// `report/format/` and what tells this asking from others.
    package var id: String
    /// The request's uid.
    package var reportID: String
    /// Of `OutputFormat`, or `rows`.
    package var format: String
    package var askedAt: Date
    /// The name of the file, once it is there.
    package var file: String?
    /// Whether a stage has made it: it is in `report_stage_files` then, else in `report_files`.
    package var isStageFile: Bool?
    /// That rows and files are in MongoDB, where those were asked for.
    package var isAtHand: Bool?
    /// When a courier began what takes a while.
    package var takenAt: Date?
    /// Why there will be none, for a person.
    package var fault: String?
    package var answeredAt: Date?

    package init(id: String, reportID: String, format: String, askedAt: Date) {
        self.id = id
        self.reportID = reportID
        self.format = format
        self.askedAt = askedAt
    }

    package var isAnswered: Bool { file != nil || fault != nil || isAtHand != nil }

    /// Asks for no file, but for the report's rows and files to be brought back from the archive that they are in.
    package static let rows = "rows"

    package enum CodingKeys: String, CodingKey {
        case id = "_id"
        case reportID, format, askedAt, file, isStageFile, isAtHand, takenAt, fault, answeredAt
    }
}
