public import FoundationEssentials

/// What a report published: a document of `report_results`. Says which rows count, and how many there are.
public struct ReportResult: Codable, Hashable, Sendable {
    public struct Column: Codable, Hashable, Sendable {
        public var name: String
        /// What the stage calls it: `string`, `integer`, `decimal`, `date` (a day), `month`, `timestamp` (an instant) or
        /// `boolean`. Others are shown as their values are.
        public var type: String?

        public init(name: String, type: String? = nil) {
            self.name = name
            self.type = type
        }
    }

    /// A file that a stage has made itself: it counts in place of the one that would be made of the rows.
    public struct StageFile: Codable, Hashable, Sendable {
        /// In `report_stage_files`: `report/attempt/stage/sha256`.
        public var name: String
        /// In hexadecimal digits.
        public var sha256: String
        /// In bytes.
        public var size: Int

        public init(name: String, sha256: String, size: Int) {
            self.name = name
            self.sha256 = sha256
            self.size = size
        }
    }

    /// The request's uid.
    public var uid: String
    public var attempt: Int
    /// Which of the attempt's publications this is; nil of one by an older `results.py`, of which an attempt has one.
    public var publication: String?
    /// Number of documents that the rows are divided into.
    public var buckets: Int
    public var rows: Int
    public var columns: [Column]
    /// When the source was read; nil where the stage doesn't say, and the first stage's start counts.
    public var asOf: Date?
    /// By format.
    public var files: [String: StageFile]?
    public var publishedAt: Date
    /// Nil while rows and files are in MongoDB.
    public var offloaded: Offload?

    public init(
        uid: String, attempt: Int, publication: String? = nil, buckets: Int, rows: Int, columns: [Column],
        asOf: Date? = nil, files: [String: StageFile]? = nil, publishedAt: Date
    ) {
        self.uid = uid
        self.attempt = attempt
        self.publication = publication
        self.buckets = buckets
        self.rows = rows
        self.columns = columns
        self.asOf = asOf
        self.files = files
        self.publishedAt = publishedAt
    }

    public enum CodingKeys: String, CodingKey {
        case uid = "_id"
        case attempt, publication, buckets, rows, columns, asOf, files, publishedAt, offloaded
    }

    /// What all the bucket's ids begin with.
    public var place: String { Self.place(of: uid, attempt: attempt, publication: publication) }

    public static func place(of uid: String, attempt: Int, publication: String?) -> String {
        "\(uid)/\(attempt)" + (publication.map { "/\($0)" } ?? "")
    }

    /// The id of the document that holds a part of the rows, from 0 on.
    public func bucketID(_ n: Int) -> String { "\(place)/\(n)" }
}
