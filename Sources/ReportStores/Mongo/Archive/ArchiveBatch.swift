package import BSON
internal import MongoClient
package import ReportArchive

/// Some reports' documents, read side by side from all collections as they are asked for: one search for each collection,
/// and no more in memory than what comes next.
package struct ArchiveBatch {
    private struct Stream {
        var found: MongoResults<BSONDocument>.Iterator
        /// Read, and not of the report that was asked for last.
        var waiting: BSONDocument?
    }

    private let store: ArchiveStore
    private let ids: [String]
    private let part: ArchivePart
    private var streams: [ArchiveKind: Stream] = [:]

    init(store: ArchiveStore, ids: [String], part: ArchivePart) {
        self.store = store
        self.ids = ids
        self.part = part
    }

    /// The next document of a report; nil where there is no more. Reports are asked for in the order of the batch.
    package mutating func next(_ kind: ArchiveKind, of id: String) async throws(StoreTrouble) -> BSONDocument? {
        var stream = streams[kind] ?? Stream(found: search(kind))
        defer { streams[kind] = stream }
        while true {
            if let document = stream.waiting {
                let owner = kind.owner(of: document) ?? ""
                if owner.utf8.elementsEqual(id.utf8) {
                    stream.waiting = nil
                    return document
                }
                guard ManifestEntry.isBefore(owner, id) else { return nil }
            }
            var found = stream.found
            let next = try await store.translated { () async throws(MongoError) in try await found.next() }
            stream.found = found
            stream.waiting = next
            guard next != nil else { return nil }
        }
    }

    private func search(_ kind: ArchiveKind) -> MongoResults<BSONDocument>.Iterator {
        let owner = kind.ownerField ?? "_id"
        var filter: BSONDocument = [owner: ["$in": .array(ids.map(BSONValue.string))]]
        if kind == .record { filter.append(contentsOf: ArchiveStore.conditions(part)) }
        // Each is the order of an index.
        let sort: BSONDocument =
            switch kind {
            case .event: ["requestUID": 1, "sequence": 1]
            case .rows: ["reportID": 1, "attempt": 1, "n": 1]
            case .log: ["reportID": 1, "attempt": 1]
            case .record, .result, .delivery, .file, .stageFile, .chunk, .stageChunk: [owner: 1]
            }
        return store.collection(kind).find(filter, options: MongoFindOptions(sort: sort)).makeAsyncIterator()
    }

    /// The chunks of a file, in their order.
    package func chunks(_ kind: ArchiveKind, of file: BSONValue) -> ArchiveDocuments {
        let options = MongoFindOptions(sort: ["n": 1], batchSize: FileBucket.batch)
        return ArchiveDocuments(
            store: store,
            found: store.collection(kind).find(["files_id": file], options: options).makeAsyncIterator())
    }
}

/// Documents that are read as they are asked for.
package struct ArchiveDocuments {
    let store: ArchiveStore
    var found: MongoResults<BSONDocument>.Iterator

    package mutating func next() async throws(StoreTrouble) -> BSONDocument? {
        var found = found
        let next = try await store.translated { () async throws(MongoError) in try await found.next() }
        self.found = found
        return next
    }
}
