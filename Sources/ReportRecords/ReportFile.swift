public import FoundationEssentials

/// A file that was made of a report: a document of `report_files.files`, as GridFS has it.
public struct ReportFile: Codable, Hashable, Sendable {
    /// What is said of it besides its bytes.
    public struct Metadata: Codable, Hashable, Sendable {
        /// The request's uid.
        public var reportID: String
        public var format: String
        /// Of all its bytes, in hexadecimal digits.
        public var sha256: String
        public var rows: Int?
        /// The version of what made it.
        public var renderer: String?

        public init(
            reportID: String, format: String, sha256: String, rows: Int? = nil, renderer: String? = nil
        ) {
            self.reportID = reportID
            self.format = format
            self.sha256 = sha256
            self.rows = rows
            self.renderer = renderer
        }
    }

    /// What it is made of: `report/publication/format/fingerprint of the layout`. There is one of a name.
    public var name: String
    /// In bytes.
    public var length: Int
    public var chunkSize: Int
    public var uploadedAt: Date
    public var metadata: Metadata

    /// GridFS' own: a document with it stays far below a megabyte.
    public static let chunkSize = 255 << 10

    public init(
        name: String, length: Int, chunkSize: Int = Self.chunkSize, uploadedAt: Date, metadata: Metadata
    ) {
        self.name = name
        self.length = length
        self.chunkSize = chunkSize
        self.uploadedAt = uploadedAt
        self.metadata = metadata
    }

    public enum CodingKeys: String, CodingKey {
        case name = "filename"
        case uploadedAt = "uploadDate"
        case length, chunkSize, metadata
    }
}
