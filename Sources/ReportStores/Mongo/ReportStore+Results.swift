package import FoundationEssentials
internal import MongoClient
package import ReportRecords

/// What a report published: which attempt's rows count, and how many there are.
package struct ReportResult: Codable, Hashable, Sendable {
    package struct Column: Codable, Hashable, Sendable {
        package var name: String
        /// What the stage calls it, such as `decimal`.
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

/// A cell of a result.
package enum ResultValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    /// A decimal number with the digits it was written with.
    case decimal(String)
    case string(String)
    case date(Date)
    /// Anything else, as MongoDB's extended JSON.
    case other(String)

    init(_ value: BSONValue) {
        switch value {
        case .null, .undefined: self = .null
        case .bool(let value): self = .bool(value)
        case .int32(let value): self = .integer(Int64(value))
        case .int64(let value): self = .integer(value)
        case .double(let value): self = .double(value)
        case .decimal128(let value): self = .decimal(value.description)
        case .string(let value): self = .string(value)
        case .date(let milliseconds): self = .date(Date(timeIntervalSince1970: Double(milliseconds) / 1000))
        case .document, .array, .binary, .objectID, .regularExpression, .databasePointer, .javaScript, .symbol,
            .javaScriptWithScope, .timestamp, .minKey, .maxKey:
            self = .other(BSONDocument([("value", value)]).extendedJSON)
        }
    }
}

extension ReportStore {
    /// What a report published; nil where it hasn't published anything.
    package func result(of uid: String) async throws(StoreTrouble) -> ReportResult? {
        try await translated { () async throws(MongoError) in
            try await results.first(["_id": .string(uid)], as: ReportResult.self)
        }
    }

    /// One of the documents that hold a result's rows, from 0 on; nil where it isn't there.
    package func rows(_ bucket: Int, of result: ReportResult) async throws(StoreTrouble) -> [[ResultValue]]? {
        try await translated { () async throws(MongoError) in
            let id = "\(result.uid)/\(result.attempt)/\(bucket)"
            let document = try await rows.first(["_id": .string(id)], as: BSONDocument.self)
            return document?["rows"]?.array?.map { row in (row.array ?? []).map(ResultValue.init) }
        }
    }

    /// The newest record of that name in a namespace; nil where there is none.
    package func record(name: String, namespace: String) async throws(StoreTrouble) -> ReportRecord? {
        var query = ReportQuery()
        query.name = name
        query.namespace = namespace
        return try await find(query, limit: 1).records.first
    }

    /// Whether a server answers, and takes our name and password; returns its version.
    package func serverVersion() async throws(StoreTrouble) -> String {
        try await translated { () async throws(MongoError) in
            // Reading proves the permission too; the version alone needs none.
            _ = try await reports.first(["_id": ""], as: BSONDocument.self)
            return try await reports.client.run(["buildInfo": 1], in: database)["version"]?.string ?? "unknown"
        }
    }
}
