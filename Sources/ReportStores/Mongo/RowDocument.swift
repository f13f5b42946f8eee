internal import MongoClient
package import ReportRecords

/// A document of `report_rows` as its bytes.
package enum RowDocument {
    /// Its rows; nil for bytes that are no such document.
    package static func rows(in bytes: [UInt8]) -> [[ResultValue]]? {
        guard let document = try? BSONDocument(validating: bytes) else { return nil }
        return (document["rows"]?.array ?? []).map { row in (row.array ?? []).map(ResultValue.init) }
    }
}
