internal import BSON
internal import MongoClient
package import ReportArchive

/// What an archive reads of MongoDB, and writes to it.
package struct ArchiveStore: Sendable {
    let client: MongoClient
    package let database: String

    /// How many reports are read together.
    package static let batch = 128

    init(client: MongoClient, database: String) {
        self.client = client
        self.database = database
    }

    func collection(_ kind: ArchiveKind) -> MongoCollection { client.collection(kind.collection, in: database) }

    /// The ids of the next reports of a part, in the order of their bytes.
    package func ids(_ part: ArchivePart, after last: String?) async throws(StoreTrouble) -> [String] {
        try await translated { () async throws(MongoError) in
            let bound: BSONDocument = last.map { ["$gt": .string($0)] } ?? ["$gte": ""]
            var filter: BSONDocument = ["_id": .document(bound)]
            filter.append(contentsOf: Self.conditions(part))
            let options = MongoFindOptions(sort: ["_id": 1], projection: ["_id": 1], limit: Self.batch)
            return try await collection(.record).find(filter, options: options).all().compactMap { $0["_id"]?.string }
        }
    }

    static func conditions(_ part: ArchivePart) -> [(String, BSONValue)] {
        var conditions: [(String, BSONValue)] = []
        if let namespace = part.namespace { conditions.append(("namespace", .string(namespace))) }
        if let pipeline = part.pipeline { conditions.append(("pipeline", .string(pipeline))) }
        if let requester = part.requester {
            let either: [BSONValue] = [
                ["requester.email": .string(requester)], ["requester.name": .string(requester)],
            ]
            conditions.append(("$or", .array(either)))
        }
        return conditions
    }

    /// All that is kept of some reports. `ids`: in the order of their bytes, `batch` of them at most.
    package func batch(_ ids: [String], _ part: ArchivePart) -> ArchiveBatch {
        ArchiveBatch(store: self, ids: ids, part: part)
    }

    func translated<Value>(_ body: () async throws(MongoError) -> Value) async throws(StoreTrouble) -> Value {
        try await StoreTrouble.explaining(in: database, body)
    }
}

extension ReportStore {
    package var archive: ArchiveStore { ArchiveStore(client: client, database: database) }
}
