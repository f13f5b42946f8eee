package import BSON
internal import MongoClient
package import ReportArchive

extension ArchiveStore {
    private var graves: MongoCollection { client.collection("report_tombstones", in: database) }

    /// Of those who were erased.
    package func tombstones() async throws(StoreTrouble) -> [Tombstone] {
        try await translated { () async throws(MongoError) in
            let found = try await graves.find().all().compactMap { document -> Tombstone? in
                guard let key = document["key"]?.string, let code = document["code"]?.string else { return nil }
                return Tombstone(key: key, code: code)
            }
            return Tombstone.union(found, [])
        }
    }

    /// Writes down that somebody was erased; what is there stays. `now`: in milliseconds since 1970.
    package func keep(_ tombstones: [Tombstone], now: Int64) async throws(StoreTrouble) {
        guard !tombstones.isEmpty else { return }
        try await translated { () async throws(MongoError) in
            let documents: [BSONDocument] = tombstones.map { tombstone in
                [
                    "_id": .string("\(tombstone.key)/\(tombstone.code)"), "key": .string(tombstone.key),
                    "code": .string(tombstone.code), "at": .date(milliseconds: now),
                ]
            }
            let result = try await graves.insert(unordered: documents, concern: ReportStore.concern)
            if let failure = result.errors.first(where: { $0.error.kind != .duplicateKey }) { throw failure.error }
        }
    }

    /// All documents of a kind, in no order.
    package func all(_ kind: ArchiveKind) -> ArchiveDocuments {
        ArchiveDocuments(store: self, found: collection(kind).find().makeAsyncIterator())
    }

    /// A document as it is now; nil where it has gone.
    package func document(_ id: BSONValue, _ kind: ArchiveKind) async throws(StoreTrouble) -> BSONDocument? {
        try await translated { () async throws(MongoError) in
            try await collection(kind).first(["_id": id], as: BSONDocument.self)
        }
    }

    /// Puts other values into a document that is still what was read, as far as they differ; returns whether it was.
    ///
    /// One whose id differs takes the old one's place.
    package func change(
        _ present: BSONDocument, to edited: BSONDocument, _ kind: ArchiveKind
    ) async throws(StoreTrouble) -> Bool {
        guard let id = present["_id"], let newID = edited["_id"] else { return true }
        return try await translated { () async throws(MongoError) in
            let changed = edited.filter { key, value in present[key] != value }
            let read = changed.map { key, _ -> (String, BSONValue) in
                (key, present[key].map { ["$eq": $0] } ?? ["$exists": false])
            }
            guard id != newID else {
                let filter = BSONDocument([("_id", id)] + read)
                let update: BSONDocument = ["$set": .document(BSONDocument(changed))]
                return try await collection(kind).update(filter, with: update, concern: ReportStore.concern).matched
                    == 1
            }
            let inserted = try await collection(kind).write([.insert(edited)], concern: ReportStore.concern)
            if let failure = inserted.errors.first(where: { $0.error.kind != .duplicateKey }) { throw failure.error }
            let marks = ArchiveOrder.marks(of: kind).map { ($0, present[$0] ?? ["$exists": false]) }
            let removed = try await collection(kind).write(
                [.delete(filter: BSONDocument([("_id", id)] + marks))], concern: ReportStore.concern)
            if let failure = removed.errors.first { throw failure.error }
            return removed.deleted == 1
        }
    }
}
