internal import MongoClient

/// A part of a file in pieces, one chunk's worth each.
///
/// It throws `StoreTrouble`, also where the file or one of its chunks is missing: what came before is not the part then.
package struct FilePieces: AsyncSequence, Sendable {
    package typealias Element = [UInt8]

    let files: MongoCollection
    let chunks: MongoCollection
    let database: String
    let name: String
    let range: Range<Int64>

    package func makeAsyncIterator() -> Iterator { Iterator(part: self) }

    package struct Iterator: AsyncIteratorProtocol {
        private let part: FilePieces
        private var found: MongoResults<BSONDocument>.Iterator?
        private var size: Int64 = 0
        private var number: Int64 = 0

        fileprivate init(part: FilePieces) { self.part = part }

        package mutating func next() async throws(StoreTrouble) -> [UInt8]? {
            guard !part.range.isEmpty else { return nil }
            if found == nil { try await begin() }
            guard number * size < part.range.upperBound, var chunks = found else { return nil }
            let chunk = try await StoreTrouble.explaining(in: part.database) {
                () async throws(MongoError) in try await chunks.next()
            }
            found = chunks
            guard let chunk, chunk["n"]?.integer == number, case .binary(let data) = chunk["data"] else {
                throw part.missing("The file \(part.name) lacks its part \(number + 1)")
            }
            let start = number * size
            let wanted = part.range.clamped(to: start..<start + Int64(data.bytes.count))
            number += 1
            return Array(data.bytes[Int(wanted.lowerBound - start)..<Int(wanted.upperBound - start)])
        }

        private mutating func begin() async throws(StoreTrouble) {
            let document = try await StoreTrouble.explaining(in: part.database) {
                () async throws(MongoError) in
                try await part.files.first(["filename": .string(part.name)], as: BSONDocument.self)
            }
            guard let document, let id = document["_id"], let size = document["chunkSize"]?.integer, size > 0 else {
                throw part.missing("There is no file \(part.name)")
            }
            self.size = size
            number = part.range.lowerBound / size
            let last = (part.range.upperBound - 1) / size
            found = part.chunks.find(
                ["files_id": id, "n": ["$gte": .int64(number), "$lte": .int64(last)]],
                options: MongoFindOptions(sort: ["n": 1], batchSize: FileBucket.batch)
            ).makeAsyncIterator()
        }
    }

    private func missing(_ message: String) -> StoreTrouble {
        StoreTrouble(MongoError(kind: .notFound, message: message), database: database)
    }
}
