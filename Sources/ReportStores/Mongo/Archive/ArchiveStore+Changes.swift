internal import BSON
internal import MongoClient
package import ReportArchive

extension ArchiveStore {
    /// A moment of the server's clock: what was written until then is in everything that is read from now on. Nil where it is
    /// no replica set, which tells of no changes.
    package func now() async throws(StoreTrouble) -> ServerTime? {
        try await translated { () async throws(MongoError) in
            let answer = try await client.run(["ping": 1], in: database)
            guard case .timestamp(let seconds, let increment) = answer["operationTime"] else { return nil }
            // The clock may have passed a write that isn't over yet; a read of what most of its members hold waits for it.
            let moment: BSONDocument = [
                "level": "majority", "afterClusterTime": .timestamp(seconds: seconds, increment: increment),
            ]
            let read: BSONDocument = [
                "find": .string(ArchiveKind.record.collection), "limit": 1, "projection": ["_id": 1],
                "readConcern": .document(moment),
            ]
            _ = try await client.run(read, in: database)
            return ServerTime(seconds: seconds, increment: increment)
        }
    }

    /// The reports of which anything was written after the one moment and until the other, in the order of their bytes; nil
    /// where the server no longer knows.
    package func changed(since: ServerTime, until: ServerTime) async throws(StoreTrouble) -> [String]? {
        try await translated { () async throws(MongoError) in
            var changed: Set<String> = []
            do throws(MongoError) {
                let changes = try await MongoPastChanges(
                    client, database: database, since: (since.seconds, since.increment + 1), stages: Self.stages)
                while let change = try await changes.next(until: (until.seconds, until.increment)) {
                    if let id = Self.owner(of: change) { changed.insert(id) }
                }
            } catch {
                guard Self.isForgotten(error) else { throw error }
                return nil
            }
            return changed.sorted(by: ManifestEntry.isBefore)
        }
    }

    /// Waits until anything is written to a report after that moment, or has been; no longer than that.
    package func waitForChange(after moment: ServerTime, within limit: Duration) async throws(StoreTrouble) {
        try await translated { () async throws(MongoError) in
            do throws(MongoError) {
                let changes = try await MongoPastChanges(
                    client, database: database, since: (moment.seconds, moment.increment + 1), stages: Self.stages,
                    patience: .seconds(1))
                _ = try await changes.hasChange(within: limit)
            } catch {
                guard Self.isForgotten(error) else { throw error }
            }
        }
    }

    /// Whether the server no longer knows what has changed: ChangeStreamHistoryLost, ChangeStreamFatalError, and what older
    /// servers say of both.
    private static func isForgotten(_ error: MongoError) -> Bool {
        [286, 280, 222, 136].contains(error.code)
    }

    /// Chunks come before their file, which tells of them.
    private static var stages: [BSONDocument] {
        let kinds = ArchiveKind.allCases.filter { !$0.isChunk }
        let owners = Set(kinds.compactMap(\.ownerField)).sorted().map { ("fullDocument.\($0)", 1 as BSONValue) }
        return [
            ["$match": ["ns.coll": ["$in": .array(kinds.map { .string($0.collection) })]]],
            ["$project": .document(BSONDocument([("ns", 1), ("clusterTime", 1)] + owners))],
        ]
    }

    private static func owner(of change: BSONDocument) -> String? {
        let collection = change["ns"]?.document?["coll"]?.string
        let kind = ArchiveKind.allCases.first { $0.collection == collection }
        // What has been deleted has no document any more; an archive keeps it.
        return change["fullDocument"]?.document.flatMap { document in kind?.owner(of: document) }
    }
}
