internal import BSON
internal import MongoClient
package import ReportArchive

extension ArchiveStore {
    /// The server's clock; nil where it is no replica set, which tells of no changes.
    package func now() async throws(StoreTrouble) -> ServerTime? {
        try await translated { () async throws(MongoError) in
            let answer = try await client.run(["ping": 1], in: database)
            guard case .timestamp(let seconds, let increment) = answer["operationTime"] else { return nil }
            return ServerTime(seconds: seconds, increment: increment)
        }
    }

    /// The reports of which anything was written in that time, in the order of their bytes; nil where the server no longer
    /// knows.
    package func changed(since: ServerTime, until: ServerTime) async throws(StoreTrouble) -> [String]? {
        try await translated { () async throws(MongoError) in
            var changed: Set<String> = []
            do throws(MongoError) {
                let changes = try await MongoPastChanges(
                    client, database: database, since: (since.seconds, since.increment), stages: Self.stages)
                while let change = try await changes.next(until: (until.seconds, until.increment)) {
                    if let id = Self.owner(of: change) { changed.insert(id) }
                }
            } catch {
                // ChangeStreamHistoryLost, ChangeStreamFatalError, and what older servers say of both.
                guard [286, 280, 222, 136].contains(error.code) else { throw error }
                return nil
            }
            return changed.sorted(by: ManifestEntry.isBefore)
        }
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
