package import KubernetesModel
internal import MongoClient
package import ReportRecords

/// Files in MongoDB as the drivers' GridFS lays them out, of which there is one of a name.
///
/// Written by plain inserts, chunks first: the driver's own upload stream can hang for ever when a chunk can't be inserted.
/// The document of `.files` comes last and makes the file; a unique index on its name lets one of several win.
package struct FileBucket: Sendable {
    /// What became of a file that was to be stored.
    package enum Outcome: Sendable, Equatable {
        case stored
        /// Somebody else had stored one of that name before: that one counts.
        case found(ReportFile)
    }

    private let files: MongoCollection
    private let chunks: MongoCollection
    private let database: String
    /// The number of chunks in a message: some four megabytes.
    static let batch = 16

    init(_ name: String, client: MongoClient, database: String) {
        files = client.collection("\(name).files", in: database)
        chunks = client.collection("\(name).chunks", in: database)
        self.database = database
    }

    /// The file of that name; nil where there is none.
    package func file(named name: String) async throws(StoreTrouble) -> ReportFile? {
        try await translated { () async throws(MongoError) in
            try await files.first(["filename": .string(name)], as: ReportFile.self)
        }
    }

    /// The file that was made last of those whose names begin so; nil where there is none.
    package func newest(below prefix: String) async throws(StoreTrouble) -> ReportFile? {
        try await translated { () async throws(MongoError) in
            // `0` is what follows a slash: a range that the index on names answers.
            let end = String(prefix.unicodeScalars.dropLast()) + "0"
            return try await files.first(
                ["filename": ["$gte": .string(prefix), "$lt": .string(end)]],
                options: MongoFindOptions(sort: ["uploadDate": -1]), as: ReportFile.self)
        }
    }

    /// Stores a file, unless there is one of its name. `nextChunk` returns the bytes in order, `chunkSize` of them at a
    /// time, and an empty list at the end.
    ///
    /// Throws what `nextChunk` throws, or `StoreTrouble`. After the latter the file may be there: ask again.
    package func store(_ file: ReportFile, nextChunk: () throws -> [UInt8]) async throws -> Outcome {
        if let found = try await self.file(named: file.name) { return .found(found) }
        let id = BSONObjectID.fresh()
        var count: Int32 = 0
        var length = 0
        do {
            while let batch = try nextBatch(of: id, from: count, nextChunk) {
                count += Int32(batch.count)
                length += batch.reduce(0) { $0 + $1.chunkLength }
                try await insert(batch)
            }
            guard length == file.length else { throw StoreTrouble(.short(file, by: length), database: database) }
        } catch {
            // Nothing refers to them. Where they can't be removed now, the sweep does it.
            try? await removeChunks(of: id, count: count)
            throw error
        }
        // Whether it was stored isn't known after an error, so its chunks stay.
        if try await publish(file, id: id) { return .stored }
        try await removeChunks(of: id, count: count)
        guard let found = try await self.file(named: file.name) else {
            throw StoreTrouble(.vanished, database: database)
        }
        return .found(found)
    }

    /// nil at the end of the bytes.
    private func nextBatch(
        of id: BSONObjectID, from count: Int32, _ nextChunk: () throws -> [UInt8]
    ) throws -> [BSONDocument]? {
        var batch: [BSONDocument] = []
        while batch.count < Self.batch {
            let bytes = try nextChunk()
            guard !bytes.isEmpty else { break }
            let number = count + Int32(batch.count)
            batch.append(["files_id": .objectID(id), "n": .int32(number), "data": .binary(BSONBinary(bytes))])
        }
        return batch.isEmpty ? nil : batch
    }

    private func insert(_ batch: [BSONDocument]) async throws(StoreTrouble) {
        try await translated { () async throws(MongoError) in
            let result = try await chunks.insert(unordered: batch, concern: ReportStore.concern)
            // A duplicate is this very chunk, of a message that was sent twice.
            if let failure = result.errors.first(where: { $0.error.kind != .duplicateKey }) { throw failure.error }
        }
    }

    /// Whether the file is ours now.
    private func publish(_ file: ReportFile, id: BSONObjectID) async throws(StoreTrouble) -> Bool {
        try await translated { () async throws(MongoError) in
            var document: BSONDocument = ["_id": .objectID(id)]
            document.append(contentsOf: try BSONEncoder().encode(file).map { ($0.key, $0.value) })
            let result = try await files.write([.insert(document)], concern: ReportStore.concern)
            guard let failure = result.errors.first else { return true }
            guard failure.error.kind == .duplicateKey else { throw failure.error }
            // Or it is ours, of a message that was sent twice.
            return try await files.count(["_id": .objectID(id)]) == 1
        }
    }

    private func removeChunks(of id: BSONObjectID, count: Int32) async throws(StoreTrouble) {
        try await translated { () async throws(MongoError) in
            let deletes = (0..<count).map { MongoWrite.delete(filter: ["files_id": .objectID(id), "n": .int32($0)]) }
            _ = try await chunks.write(deletes)
        }
    }

    /// The bytes of a file, in pieces of its `chunkSize`, handed over in order.
    ///
    /// Throws `StoreTrouble` where one is missing or has another length; what was handed over is not the file then.
    package func read(_ name: String, _ body: ([UInt8]) throws -> Void) async throws {
        guard let document = try await document(named: name), let id = document["_id"],
            let length = document["length"]?.integer
        else { throw StoreTrouble(.missing("There is no file \(name)"), database: database) }
        var rest = length
        var number: Int64 = 0
        var found = chunks.find(
            ["files_id": id], options: MongoFindOptions(sort: ["n": 1], batchSize: Self.batch)
        ).makeAsyncIterator()
        while let chunk = try await translated({ () async throws(MongoError) in try await found.next() }) {
            guard chunk["n"]?.integer == number, case .binary(let data) = chunk["data"] else { break }
            number += 1
            rest -= Int64(data.bytes.count)
            try body(data.bytes)
        }
        guard rest == 0 else {
            throw StoreTrouble(.missing("The file \(name) lacks bytes: \(rest) of \(length)"), database: database)
        }
    }

    /// The bytes of a part of a file, in order and in pieces, at the pace at which they are taken; asks for the chunks of
    /// that part alone. `range` lies within the file's length.
    package func pieces(of name: String, _ range: Range<Int64>) -> FilePieces {
        FilePieces(files: files, chunks: chunks, database: database, name: name, range: range)
    }

    /// Removes what was begun at least a day ago, at most ten, and never became a file. Returns how many these were.
    package func sweep(now: Timestamp) async throws(StoreTrouble) -> Int {
        try await translated { () async throws(MongoError) in
            let begun: BSONDocument = [
                "$gt": .objectID(.first(ofSecond: now.seconds - 10 * 86400)),
                "$lt": .objectID(.first(ofSecond: now.seconds - 86400)),
            ]
            let answer = try await chunks.client.run(
                [
                    "aggregate": .string(chunks.name),
                    "pipeline": [
                        ["$match": ["files_id": .document(begun), "n": 0]],
                        [
                            "$lookup": [
                                "from": .string(files.name), "localField": "files_id", "foreignField": "_id",
                                "as": "file",
                            ]
                        ],
                        ["$match": ["file": .array([])]], ["$project": ["files_id": 1]],
                    ],
                    "cursor": ["batchSize": 1000],
                ], in: database)
            let found = answer["cursor"]?.document?["firstBatch"]?.array ?? []
            for id in found.compactMap({ $0.document?["files_id"] }) { try await removeAllChunks(of: id) }
            return found.count
        }
    }

    /// Removes a file that was read so, with its chunks; one that somebody has stored under its name since then stays.
    package func remove(_ file: ReportFile) async throws(StoreTrouble) {
        try await translated { () async throws(MongoError) in
            let found = try await files.first(["filename": .string(file.name)], as: BSONDocument.self)
            guard let found, let id = found["_id"], (try? BSONDecoder().decode(ReportFile.self, from: found)) == file
            else {
                return
            }
            _ = try await files.write([.delete(filter: ["_id": id])], concern: ReportStore.concern)
            try await removeAllChunks(of: id)
        }
    }

    private func removeAllChunks(of id: BSONValue) async throws(MongoError) {
        var isLeft = true
        while isLeft {
            let deletes = Array(repeating: MongoWrite.delete(filter: ["files_id": id]), count: Self.batch)
            isLeft = try await chunks.write(deletes).deleted == Self.batch
        }
    }

    private func document(named name: String) async throws(StoreTrouble) -> BSONDocument? {
        try await translated { () async throws(MongoError) in
            try await files.first(["filename": .string(name)], as: BSONDocument.self)
        }
    }

    private func translated<Value>(
        _ body: () async throws(MongoError) -> Value
    ) async throws(StoreTrouble) -> Value {
        try await StoreTrouble.explaining(in: database, body)
    }
}

extension BSONDocument {
    /// Bytes of a chunk's data.
    fileprivate var chunkLength: Int {
        if case .binary(let data) = self["data"] { data.bytes.count } else { 0 }
    }
}

extension MongoError {
    /// It would be there under its name, and never be whole.
    fileprivate static func short(_ file: ReportFile, by length: Int) -> MongoError {
        MongoError(
            kind: .invalidRequest, message: "The file \(file.name) has \(file.length) bytes, but \(length) were given")
    }

    fileprivate static func missing(_ message: String) -> MongoError { MongoError(kind: .notFound, message: message) }

    fileprivate static var vanished: MongoError { missing("A file that was in the way has gone") }
}
