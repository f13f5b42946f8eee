package import FoundationEssentials

/// A file that was made of a report: a document of `report_files.files`, as GridFS has it.
package struct ReportFile: Codable, Hashable, Sendable {
    /// What is said of it besides its bytes.
    package struct Metadata: Codable, Hashable, Sendable {
        /// The request's uid.
        package var reportID: String
        package var format: String
        /// Of all its bytes, in hexadecimal digits.
        package var sha256: String
        package var rows: Int?
        /// The version of what made it.
        package var renderer: String?

        package init(
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
    package var name: String
    /// In bytes.
    package var length: Int
    package var chunkSize: Int
    package var uploadedAt: Date
    package var metadata: Metadata

    /// GridFS' own: a document with it stays far below a megabyte.
    package static let chunkSize = 255 << 10

    package init(
        name: String, length: Int, chunkSize: Int = Self.chunkSize, uploadedAt: Date, metadata: Metadata
    ) {
        self.name = name
        self.length = length
        self.chunkSize = chunkSize
        self.uploadedAt = uploadedAt
        self.metadata = metadata
    }

    package enum CodingKeys: String, CodingKey {
        case name = "filename"
        case uploadedAt = "uploadDate"
        case length, chunkSize, metadata
    }

    /// How many chunks its bytes are divided into.
    package var chunkCount: Int { (length + chunkSize - 1) / chunkSize }
}
