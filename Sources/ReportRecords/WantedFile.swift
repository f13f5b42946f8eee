public import FoundationEssentials

/// A file that somebody waits for, or rows that are in an archive: a document of `report_wanted`. The caller inserts it, the
/// courier writes the answer.
public struct WantedFile: Codable, Hashable, Sendable {
    /// `report/format/` and what tells this asking from others.
    public var id: String
    /// The request's uid.
    public var reportID: String
    /// Of `OutputFormat`, or `rows`.
    public var format: String
    public var askedAt: Date
    /// The name of the file, once it is there.
    public var file: String?
    /// Whether a stage has made it: it is in `report_stage_files` then, else in `report_files`.
    public var isStageFile: Bool?
    /// That rows and files are in MongoDB, where those were asked for.
    public var isAtHand: Bool?
    /// When a courier began what takes a while.
    public var takenAt: Date?
    /// Why there will be none, for a person.
    public var fault: String?
    public var answeredAt: Date?

    public init(id: String, reportID: String, format: String, askedAt: Date) {
        self.id = id
        self.reportID = reportID
        self.format = format
        self.askedAt = askedAt
    }

    public var isAnswered: Bool { file != nil || fault != nil || isAtHand != nil }

    /// Asks for no file, but for the report's rows and files to be brought back from the archive that they are in.
    public static let rows = "rows"

    public enum CodingKeys: String, CodingKey {
        case id = "_id"
        case reportID, format, askedAt, file, isStageFile, isAtHand, takenAt, fault, answeredAt
    }
}
