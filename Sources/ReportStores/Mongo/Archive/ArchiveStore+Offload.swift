package import BSON
internal import MongoClient
internal import ReportAPI
package import ReportArchive
package import ReportRecords

extension ArchiveStore {
    /// How many chunks are removed by one message.
    private static let chunkBatch = 64

    /// The next reports of a part that were over before that moment, in the order of their bytes.
    ///
    /// `moment`: in milliseconds since 1970.
    package func over(
        before moment: Int64, _ part: ArchivePart, after last: String?
    ) async throws(StoreTrouble) -> [String] {
        let terminal = ReportRequestStatus.Phase.allCases.filter(\.isTerminal).map { BSONValue.string($0.rawValue) }
        return try await translated { () async throws(MongoError) in
            let bound: BSONDocument = last.map { ["$gt": .string($0)] } ?? ["$gte": ""]
            var filter: BSONDocument = [
                "_id": .document(bound), "phase": ["$in": .array(terminal)],
                "completedAt": ["$lt": .date(milliseconds: moment)],
            ]
            filter.append(contentsOf: Self.conditions(part))
            let options = MongoFindOptions(sort: ["_id": 1], projection: ["_id": 1], limit: Self.batch)
            return try await collection(.record).find(filter, options: options).all().compactMap { $0["_id"]?.string }
        }
    }

    /// Those of these reports of which the ledger has a copy whose fate isn't known yet.
    package func withOpenDelivery(_ ids: [String]) async throws(StoreTrouble) -> Set<String> {
        try await translated { () async throws(MongoError) in
            let filter: BSONDocument = [
                "reportID": ["$in": .array(ids.map(BSONValue.string))],
                "phase": ["$in": .array([.null, "Pending", "Sending"])],
            ]
            let found = try await collection(.delivery).find(
                filter, options: MongoFindOptions(projection: ["reportID": 1])
            ).all()
            return Set(found.compactMap { $0["reportID"]?.string })
        }
    }

    /// Reports whose rows and files were on their way into that archive when an offload ended, in the order of their bytes.
    package func leaving(for archive: String) async throws(StoreTrouble) -> [String] {
        try await translated { () async throws(MongoError) in
            let filter: BSONDocument = ["offloaded.archive": .string(archive), "offloaded.isLeaving": true]
            let options = MongoFindOptions(sort: ["_id": 1], projection: ["_id": 1])
            return try await collection(.result).find(filter, options: options).all().compactMap { $0["_id"]?.string }
        }
    }

    /// The results of reports, as they are.
    package func results(of ids: [String]) async throws(StoreTrouble) -> [String: BSONDocument] {
        try await translated { () async throws(MongoError) in
            let filter: BSONDocument = ["_id": ["$in": .array(ids.map(BSONValue.string))]]
            let found = try await collection(.result).find(filter).all()
            return Dictionary(found.compactMap { result in result["_id"]?.string.map { ($0, result) } }) { first, _ in
                first
            }
        }
    }

    /// Where a report's rows and files are that MongoDB no longer has; nil where it has them, or never had any.
    package func offload(of id: String) async throws(StoreTrouble) -> Offload? {
        guard let mark = try await results(of: [id])[id]?[ArchiveOrder.offloaded]?.document else { return nil }
        return try await translated { () async throws(MongoError) in
            try BSONDecoder().decode(Offload.self, from: mark)
        }
    }

    /// Marks a result that is still what was read; returns whether it was.
    package func mark(_ result: BSONDocument, _ offload: Offload) async throws(StoreTrouble) -> Bool {
        try await translated { () async throws(MongoError) in
            let same = ["_id", "attempt", "publishedAt", "publication", ArchiveOrder.offloaded]
            let filter = BSONDocument(same.map { ($0, result[$0] ?? ["$exists": false]) })
            let mark = try BSONEncoder().encode(offload)
            return try await collection(.result).update(
                filter, with: ["$set": [ArchiveOrder.offloaded: .document(mark)]], concern: ReportStore.concern
            ).matched == 1
        }
    }

    /// Takes a mark off that is still what was read; returns whether it was.
    package func unmark(_ id: String, _ offload: Offload) async throws(StoreTrouble) -> Bool {
        try await change(id, offload, ["$unset": [ArchiveOrder.offloaded: ""]])
    }

    /// Says that all of it has left MongoDB.
    package func settle(_ id: String, _ offload: Offload) async throws(StoreTrouble) {
        _ = try await change(id, offload, ["$unset": ["\(ArchiveOrder.offloaded).isLeaving": ""]])
    }

    private func change(
        _ id: String, _ offload: Offload, _ update: BSONDocument
    ) async throws(StoreTrouble) -> Bool {
        try await translated { () async throws(MongoError) in
            let mark = try BSONEncoder().encode(offload)
            var filter: BSONDocument = ["_id": .string(id)]
            for field in [Offload.CodingKeys.archive, .at, .sha256, .isLeaving].map(\.rawValue) {
                filter.append(mark[field] ?? ["$exists": false], forKey: "\(ArchiveOrder.offloaded).\(field)")
            }
            return try await collection(.result).update(filter, with: update, concern: ReportStore.concern).matched == 1
        }
    }

    /// The ids of a report's documents of a kind: its rows, or its files.
    package func present(_ kind: ArchiveKind, of id: String) async throws(StoreTrouble) -> Set<BSONValue> {
        guard let owner = kind.ownerField else { return [] }
        return try await translated { () async throws(MongoError) in
            let options = MongoFindOptions(projection: ["_id": 1])
            return Set(
                try await collection(kind).find([owner: .string(id)], options: options).all().compactMap { $0["_id"] })
        }
    }

    /// Removes documents by their ids.
    package func remove(_ ids: [BSONValue], _ kind: ArchiveKind) async throws(StoreTrouble) {
        try await translated { () async throws(MongoError) in
            let result = try await collection(kind).write(
                ids.map { MongoWrite.delete(filter: ["_id": $0]) }, concern: ReportStore.concern)
            if let failure = result.errors.first { throw failure.error }
        }
    }

    /// Removes some of a file's chunks; returns whether there may be more.
    package func removeChunks(_ kind: ArchiveKind, of file: BSONValue) async throws(StoreTrouble) -> Bool {
        try await translated { () async throws(MongoError) in
            let deletes = Array(repeating: MongoWrite.delete(filter: ["files_id": file]), count: Self.chunkBatch)
            let result = try await collection(kind).write(deletes, concern: ReportStore.concern)
            if let failure = result.errors.first { throw failure.error }
            return result.deleted == Self.chunkBatch
        }
    }
}
