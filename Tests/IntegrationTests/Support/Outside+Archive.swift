import BSON
import ClusterSupport
import Foundation
import MongoClient
import ReportStores
import ServiceSupport
import Testing

extension Outside {
    /// The address of the test's own database.
    var address: String {
        get throws {
            var parts = try #require(URLComponents(string: try services.value("MONGODB_ADMIN_URI")))
            parts.path = "/\(records.database)"
            return try #require(parts.string)
        }
    }

    /// Takes the rows and files of a report out of MongoDB, into an archive in that folder.
    func offload(_ id: String, to folder: URL, _ client: MongoClient) async throws {
        try await offload(id, to: folder.path, client)
    }

    /// `place`: a folder or a bucket. `key`: of the archive where it is encrypted, in a file. `environment`: how a bucket is
    /// reached.
    func offload(
        _ id: String, to place: String, _ client: MongoClient, key: (public: String, file: String)? = nil,
        environment: [String: String] = [:]
    ) async throws {
        try await client.collection("reports", in: records.database).update(
            ["_id": .string(id)], with: ["$set": ["completedAt": .date(milliseconds: 1_577_836_800_000)]])
        let export = ["export"] + (key.map { ["--encrypt-to", $0.public] } ?? [])
        let offload = ["offload", "--older-than", "90d"] + (key.map { ["--identity", $0.file] } ?? [])
        for arguments in [export, offload] {
            let done = try await Command.result(
                ["env", "MONGODB_URI=\(try address)"] + environment.map { "\($0.key)=\($0.value)" }
                    + [OperatorProcess.program("reportctl").path, "archive"] + arguments + ["--to", place])
            try #require(done.status == 0, "\(done)")
        }
        let rows: BSONDocument = ["reportID": .string(id)]
        #expect(try await client.collection("report_rows", in: records.database).count(rows) == 0)
    }
}
