internal import MongoClient
package import ReportRecords

extension ReportStore {
    /// Keeps what a stage printed, unless what a later pod of it printed is kept already.
    package func keep(_ log: StageLog) async throws(StoreTrouble) {
        try await translated { () async throws(MongoError) in
            let document = try BSONEncoder().encode(log)
            let isOlder: BSONValue = ["$lte": document[StageLog.CodingKeys.podCreatedAt.rawValue] ?? .null]
            let write = MongoWrite.update(
                filter: ["_id": .string(log.id), StageLog.CodingKeys.podCreatedAt.rawValue: isOlder],
                update: ["$set": .document(document.filter(keys: { $0 != "_id" }))], upsert: true)
            let result = try await logs.write([write], concern: Self.concern)
            // A duplicate: one of that id is there, and did not match.
            if let failure = result.errors.first(where: { $0.error.kind != .duplicateKey }) { throw failure.error }
        }
    }

    /// The uids of the pods whose logs are kept of a report.
    package func podsWithLogs(of uid: String) async throws(StoreTrouble) -> Set<String> {
        try await translated { () async throws(MongoError) in
            let key = StageLog.CodingKeys.podUID.rawValue
            let found = try await logs.find(
                ["reportID": .string(uid)], options: MongoFindOptions(projection: [key: 1]), as: BSONDocument.self
            ).all()
            return Set(found.compactMap { $0[key]?.string })
        }
    }

    /// What the stages of a report printed, in the order in which their pods were made.
    package func logs(of uid: String) async throws(StoreTrouble) -> [StageLog] {
        try await translated { () async throws(MongoError) in
            try await logs.find(
                ["reportID": .string(uid)],
                options: MongoFindOptions(sort: ["attempt": 1, "podCreatedAt": 1, "_id": 1]),
                as: StageLog.self
            ).all()
        }
    }
}
