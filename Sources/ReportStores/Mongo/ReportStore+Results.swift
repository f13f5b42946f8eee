internal import MongoClient
package import ReportRecords

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
