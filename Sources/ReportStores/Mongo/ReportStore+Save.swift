internal import FoundationEssentials
package import KubernetesModel
internal import MongoClient
package import ReportAPI

extension ReportStore {
    /// Keeps a request's state and all its events. Something newer that is there already is a success.
    package func save(_ request: ReportRequest) async throws(StoreTrouble) {
        if let trouble = try await save([request]).values.first { throw trouble }
    }

    /// Keeps many at once. Throws what struck all of them; returns, by uid, those that could not be kept.
    package func save(_ requests: [ReportRequest]) async throws(StoreTrouble) -> [String: StoreTrouble] {
        var failed: [String: StoreTrouble] = [:]
        // Events first: a record that is there means that its events are.
        for (uid, error) in try await writeEvents(of: requests) {
            failed[uid] = StoreTrouble(error, database: database)
        }
        let rest = requests.filter { failed[$0.metadata.uid] == nil }
        for (uid, error) in try await writeRecords(of: rest) {
            failed[uid] = StoreTrouble(error, database: database)
        }
        return failed
    }

    /// Notes when the deletion of a request was asked for; the earliest counts. False where there is no record of it:
    /// then it is to be saved first.
    @discardableResult
    package func noteDeletion(uid: String, at time: Timestamp) async throws(StoreTrouble) -> Bool {
        let date = BSONValue.date(milliseconds: time.seconds * 1000)
        return try await translated { () async throws(MongoError) in
            try await reports.update(
                ["_id": .string(uid)], with: ["$min": ["deletedAt": date]], concern: Self.concern
            ).matched > 0
        }
    }

    private func writeEvents(of requests: [ReportRequest]) async throws(StoreTrouble) -> [(String, MongoError)] {
        try await translated { () async throws(MongoError) in
            var writes: [MongoWrite] = []
            var owners: [String] = []
            for request in requests {
                for event in ReportEvent.all(of: request) {
                    writes.append(.insert(try BSONEncoder().encode(event)))
                    owners.append(request.metadata.uid)
                }
            }
            guard !writes.isEmpty else { return [] }
            let result = try await events.write(writes, concern: Self.concern)
            return try result.failures(owners) { $0 == .duplicateKey }
        }
    }

    private func writeRecords(of requests: [ReportRequest]) async throws(StoreTrouble) -> [(String, MongoError)] {
        try await translated { () async throws(MongoError) in
            guard !requests.isEmpty else { return [] }
            var changes: [RecordChange] = []
            for request in requests { changes.append(try RecordChange(request)) }
            let owners = requests.map(\.metadata.uid)
            let first = try await reports.write(changes.map { $0.write(upsert: true) }, concern: Self.concern)
            let failures = try first.failures(owners) { $0 == .duplicateKey }
            // A document that didn't match, or one that somebody else made at the same moment, which may be older.
            let contested = first.errors.filter { $0.error.kind == .duplicateKey }.compactMap(\.index)
            guard !contested.isEmpty else { return failures }
            var again: [MongoWrite] = []
            var againOwners: [String] = []
            for index in contested {
                let writes = [changes[index].write(upsert: false), changes[index].supplement].compactMap(\.self)
                again += writes
                againOwners += writes.map { _ in owners[index] }
            }
            let second = try await reports.write(again, concern: Self.concern)
            return failures + (try second.failures(againOwners) { _ in false })
        }
    }
}

extension MongoWriteResult {
    /// What single writes failed of, with the owners of these writes. Throws what concerns all of them.
    fileprivate func failures(
        _ owners: [String], except isSuccess: (MongoError.Kind) -> Bool
    ) throws(MongoError) -> [(String, MongoError)] {
        var failures: [(String, MongoError)] = []
        for failure in errors where !isSuccess(failure.error.kind) {
            guard let index = failure.index, owners.indices.contains(index) else { throw failure.error }
            failures.append((owners[index], failure.error))
        }
        return failures
    }
}
