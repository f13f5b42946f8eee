package import BSON
internal import MongoClient
package import ReportArchive

extension ArchiveStore {
    /// How often a document is looked at again that somebody else writes at the same time.
    private static let tries = 10

    /// Inserts what isn't there. Returns how many were written, and how many were there.
    package func insert(
        _ documents: [BSONDocument], _ kind: ArchiveKind
    ) async throws(StoreTrouble) -> (written: Int, kept: Int) {
        guard !documents.isEmpty else { return (0, 0) }
        return try await translated { () async throws(MongoError) in
            let result = try await collection(kind).insert(unordered: documents, concern: ReportStore.concern)
            if let failure = result.errors.first(where: { $0.error.kind != .duplicateKey }) { throw failure.error }
            return (documents.count - result.errors.count, result.errors.count)
        }
    }

    /// Whether a file of that name, or of that id, is there.
    package func hasFile(_ file: ArchivedDocument) async throws(StoreTrouble) -> Bool {
        let either: [BSONValue] = ["_id", "filename"].compactMap { key in
            file.document[key].map { value in .document([key: value]) }
        }
        return try await translated { () async throws(MongoError) in
            try await collection(file.kind).count(["$or": .array(either)]) > 0
        }
    }

    /// Writes a document unless what is there tells as much or more.
    package func raise(
        _ document: BSONDocument, _ kind: ArchiveKind
    ) async throws(StoreTrouble) -> (written: Int, kept: Int) {
        for _ in 0..<Self.tries {
            let inserted = try await insert([document], kind)
            guard inserted.written == 0 else { return inserted }
            let outcome = try await translated { () async throws(MongoError) -> (written: Int, kept: Int)? in
                guard let id = document["_id"],
                    let present = try await collection(kind).first(["_id": id], as: BSONDocument.self)
                else { return nil }
                guard ArchiveOrder.isNewer(document, than: present, kind) else { return (0, 1) }
                return try await replace(present, by: document, kind) ? (1, 0) : nil
            }
            if let outcome { return outcome }
        }
        let message = "A document of \(kind.collection) is being written by somebody else all the time"
        throw StoreTrouble(MongoError(kind: .other, message: message), database: database)
    }

    /// Only over what was read: whether it was still there.
    private func replace(
        _ present: BSONDocument, by document: BSONDocument, _ kind: ArchiveKind
    ) async throws(MongoError) -> Bool {
        let marks = ["_id"] + ArchiveOrder.marks(of: kind)
        let filter = BSONDocument(marks.map { ($0, present[$0] ?? ["$exists": false]) })
        let lasting = ArchiveOrder.lasting(of: kind)
        let kept = Set(document.keys)
        let gone = present.keys.filter { !kept.contains($0) && !lasting.contains($0) }
        var update: BSONDocument = ["$set": .document(document.filter(keys: { $0 != "_id" }))]
        if !gone.isEmpty { update.append(.document(BSONDocument(gone.map { ($0, "") })), forKey: "$unset") }
        return try await collection(kind).update(filter, with: update, concern: ReportStore.concern).matched == 1
    }
}
