import Glibc
internal import MongoClient
package import ReportRecords

/// Why rows can't be put down in a file.
package struct RowFileError: Error, Sendable, CustomStringConvertible {
    package let code: Int32

    package var description: String {
        "can't keep the rows while a file is made of them: \(String(cString: strerror(code)))"
    }
}

extension ReportStore {
    /// What a report published; nil where it hasn't published anything.
    package func result(of uid: String) async throws(StoreTrouble) -> ReportResult? {
        try await translated { () async throws(MongoError) in
            try await results.first(["_id": .string(uid)], as: ReportResult.self)
        }
    }

    /// How many rows reports have published, by their uids; those that have published nothing aren't in it.
    package func rowCounts(of uids: [String]) async throws(StoreTrouble) -> [String: Int] {
        struct Count: Decodable, Sendable {
            var _id: String
            var rows: Int
        }
        return try await translated { () async throws(MongoError) in
            let filter: BSONDocument = ["_id": ["$in": .array(uids.map { .string($0) })]]
            let options = MongoFindOptions(projection: ["rows": 1])
            let found = try await results.find(filter, options: options, as: Count.self).all()
            return Dictionary(found.map { ($0._id, $0.rows) }) { first, _ in first }
        }
    }

    /// One of the documents that hold a result's rows, from 0 on; nil where it isn't there.
    package func rows(_ bucket: Int, of result: ReportResult) async throws(StoreTrouble) -> [[ResultValue]]? {
        try await translated { () async throws(MongoError) in
            let id = result.bucketID(bucket)
            let document = try await rows.first(["_id": .string(id)], as: BSONDocument.self)
            return document?["rows"]?.array?.map { row in (row.array ?? []).map(ResultValue.init) }
        }
    }

    /// Writes the documents with the rows of a result to a file, one after another, as they are: a reader decodes them.
    ///
    /// Throws `StoreTrouble`, also where one is missing, or `RowFileError` where the file can't be written.
    package func writeRows(of result: ReportResult, to path: String) async throws {
        guard let file = fopen(path, "wb") else { throw RowFileError(code: errno) }
        defer { fclose(file) }
        for bucket in 0..<result.buckets {
            let document = try await translated { () async throws(MongoError) in
                try await rows.first(["_id": .string(result.bucketID(bucket))], as: BSONDocument.self)
            }
            guard let document else {
                let message = "The rows of report \(result.uid) lack part \(bucket + 1) of \(result.buckets)"
                throw StoreTrouble(MongoError(kind: .notFound, message: message), database: database)
            }
            let isWritten = document.bytes.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) == $0.count }
            guard isWritten else { throw RowFileError(code: errno) }
        }
        guard fflush(file) == 0 else { throw RowFileError(code: errno) }
    }

    /// The newest record of that name in a namespace, of that cluster where one is named; nil where there is none.
    package func record(
        name: String, namespace: String, cluster: String? = nil
    ) async throws(StoreTrouble) -> ReportRecord? {
        var query = ReportQuery()
        query.name = name
        query.namespace = namespace
        query.cluster = cluster
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
