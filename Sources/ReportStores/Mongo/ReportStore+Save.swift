package import FoundationEssentials
import KubernetesModel
internal import MongoClient
package import ReportAPI
package import ReportRecords

extension ReportStore {
    /// Keeps a request's state and all its events. Something newer that is there already is a success.
    package func save(_ request: ReportRequest, origin: RecordOrigin = .unknown) async throws(StoreTrouble) {
        let trouble = try await save([request], origins: [request.metadata.uid: origin]).values.first
        if let trouble { throw trouble }
    }

    /// Keeps many at once. Throws what struck all of them; returns, by uid, those that could not be kept.
    ///
    /// `origins`: where they were made, by their uids. What is on record of that already isn't taken back.
    /// `asOf`: by uid, when the source was read of what a run has published; it goes into the event of its end.
    package func save(
        _ requests: [ReportRequest], origins: [String: RecordOrigin] = [:], asOf: [String: Date] = [:]
    ) async throws(StoreTrouble) -> [String: StoreTrouble] {
        var failed: [String: StoreTrouble] = [:]
        // Events first: a record that is there means that its events are.
        for (uid, error) in try await writeEvents(of: requests, origins, asOf) {
            failed[uid] = StoreTrouble(error, database: database)
        }
        let rest = requests.filter { failed[$0.metadata.uid] == nil }
        for (uid, error) in try await writeRecords(of: rest, origins) {
            failed[uid] = StoreTrouble(error, database: database)
        }
        return failed
    }

    private func writeEvents(
        of requests: [ReportRequest], _ origins: [String: RecordOrigin], _ asOf: [String: Date]
    ) async throws(StoreTrouble) -> [(String, MongoError)] {
        try await translated { () async throws(MongoError) in
            var writes: [MongoWrite] = []
            var owners: [String] = []
            var unfit: [(String, MongoError)] = []
            for request in requests {
                do throws(MongoError) {
                    var own: [MongoWrite] = []
                    let uid = request.metadata.uid
                    for event in ReportEvent.kept(of: request, origin: origins[uid] ?? .unknown, asOf: asOf[uid]) {
                        own.append(.insert(try BSONEncoder().encode(event)))
                    }
                    writes += own
                    owners += Array(repeating: request.metadata.uid, count: own.count)
                } catch {
                    unfit.append((request.metadata.uid, error))
                }
            }
            guard !writes.isEmpty else { return unfit }
            let result = try await events.write(writes, concern: Self.concern)
            return unfit + (try result.failures(owners) { $0 == .duplicateKey })
        }
    }

    private func writeRecords(
        of requests: [ReportRequest], _ origins: [String: RecordOrigin]
    ) async throws(StoreTrouble) -> [(String, MongoError)] {
        try await translated { () async throws(MongoError) in
            guard !requests.isEmpty else { return [] }
            var changes: [RecordChange] = []
            var owners: [String] = []
            // One that has no form in BSON must not keep the others from being written.
            var unfit: [(String, MongoError)] = []
            for request in requests {
                do throws(MongoError) {
                    changes.append(try RecordChange(request, origin: origins[request.metadata.uid] ?? .unknown))
                    owners.append(request.metadata.uid)
                } catch {
                    unfit.append((request.metadata.uid, error))
                }
            }
            guard !changes.isEmpty else { return unfit }
            let first = try await reports.write(changes.map { $0.write(upsert: true) }, concern: Self.concern)
            let failures = unfit + (try first.failures(owners) { $0 == .duplicateKey })
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
    /// What single writes failed of, with the owners of these writes. Throws what concerns all of them, as does whatever
    /// may be over the next time: a full disk strikes one write first and the others next.
    fileprivate func failures(
        _ owners: [String], except isSuccess: (MongoError.Kind) -> Bool
    ) throws(MongoError) -> [(String, MongoError)] {
        var failures: [(String, MongoError)] = []
        for failure in errors where !isSuccess(failure.error.kind) {
            guard let index = failure.index, owners.indices.contains(index), !failure.error.isRetryable else {
                throw failure.error
            }
            failures.append((owners[index], failure.error))
        }
        return failures
    }
}
