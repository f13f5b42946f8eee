internal import AsyncSupport
internal import BSON
internal import MongoClient
package import ReportArchive

/// Where an archive lies and how far it goes: a document of `report_archives`, which each export writes.
package struct ArchivePlace: Sendable, Hashable {
    package var path: String
    package var export: Int
    /// When it began, in milliseconds since 1970.
    package var at: Int64
    package var extents: [ManifestHead.Extent]
    package var foot: ManifestFoot

    package init(path: String, export: Int, at: Int64, extents: [ManifestHead.Extent], foot: ManifestFoot) {
        self.path = path
        self.export = export
        self.at = at
        self.extents = extents
        self.foot = foot
    }
}

extension ArchiveStore {
    private var places: MongoCollection { client.collection("report_archives", in: database) }

    /// Where archives lie of a part that this requester chooses.
    package func archives(ofRequester address: String) async throws(StoreTrouble) -> [String] {
        let small = address.lowercased()
        return try await translated { () async throws(MongoError) in
            try await places.find().all().compactMap { place in
                let requesters = (place["parts"]?.array ?? []).compactMap { $0.document?["requester"]?.string }
                return requesters.contains { $0.lowercased() == small } ? place["_id"]?.string : nil
            }.sorted()
        }
    }

    /// Writes it down. Returns why it couldn't: the archive itself is whole all the same.
    package func note(_ place: ArchivePlace) async -> StoreTrouble? {
        let parts = place.extents.map { extent -> BSONValue in
            let part = extent.part
            var fields: [(String, BSONValue)] = [("words", .string(part.words))]
            fields += [("namespace", part.namespace), ("pipeline", part.pipeline), ("requester", part.requester)]
                .compactMap { name, value in value.map { (name, BSONValue.string($0)) } }
            if let until = extent.until {
                fields.append(("until", .timestamp(seconds: until.seconds, increment: until.increment)))
            }
            return .document(BSONDocument(fields))
        }
        let document: BSONDocument = [
            "export": .int64(Int64(place.export)), "at": .date(milliseconds: place.at),
            "parts": .array(parts), "reports": .int64(Int64(place.foot.reports)),
            "files": .int64(Int64(place.foot.files)), "bytes": .int64(Int64(place.foot.bytes)),
        ]
        let result = await Result(catching: { () async throws(StoreTrouble) in
            try await translated { () async throws(MongoError) in
                _ = try await places.update(
                    ["_id": .string(place.path)], with: ["$set": .document(document)], upsert: true,
                    concern: ReportStore.concern)
            }
        })
        guard case .failure(let trouble) = result else { return nil }
        return trouble
    }
}
