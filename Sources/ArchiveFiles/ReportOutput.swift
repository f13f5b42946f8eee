import BSON
import ReportArchive
import ReportStores

/// Writes one report: its text, and the bytes of its files beside it.
struct ReportOutput {
    struct Written {
        let entry: ManifestEntry
        /// The folder of its files.
        let place: String
        /// Its files, which the disk may not have yet.
        let outputs: [ArchiveOutput]
    }

    let id: String
    let record: BSONDocument
    let folder: ArchiveFolder
    let export: Int

    private static let bufferSize = 1 << 20

    /// What is read of the batch is this report's. Throws `ArchiveTrouble` or `StoreTrouble`.
    func write(_ result: BSONDocument?, _ batch: inout ArchiveBatch) async throws -> Written {
        guard let place = ArchivePath.folder(of: record),
            let path = ArchivePath.report(id, in: place, export: export, run: folder.run, isSealed: folder.isSealing)
        else { throw ArchiveTrouble("The report \(id): its id or its namespace is too long for the name of a file") }
        let text = try folder.create(path)
        var writer = ReportTextWriter(id: id, record: record)
        var outputs: [ArchiveOutput] = []
        var files: [ManifestFile] = []
        for kind in ArchiveKind.allCases where kind != .record && !kind.isChunk {
            if kind == .result, let result { writer.append(result, kind) }
            while kind != .result, let document = try await batch.next(kind, of: id) {
                writer.append(document, kind)
                if let chunks = kind.chunks {
                    let number = files.count + 1
                    if let file = try await file(document, chunks, number, place, &batch, &writer) {
                        files.append(try file.finish())
                        outputs.append(file)
                    }
                }
                if writer.pending > Self.bufferSize { try text.write(writer.take()) }
            }
        }
        writer.finish()
        try text.write(writer.take())
        let entry = ManifestEntry(id: id, text: try text.finish(), files: files)
        return Written(entry: entry, place: place, outputs: outputs + [text])
    }

    /// Nil of a file without bytes.
    private func file(
        _ document: BSONDocument, _ kind: ArchiveKind, _ number: Int, _ place: String, _ batch: inout ArchiveBatch,
        _ writer: inout ReportTextWriter
    ) async throws -> ArchiveOutput? {
        let format = document["metadata"]?.document?["format"]?.string
        guard let fileID = document["_id"],
            let path = ArchivePath.file(
                number, format: format, of: id, in: place, export: export, run: folder.run, isSealed: folder.isSealing)
        else { return nil }
        let name = ArchivePath.opened(path).split(separator: "/").last.map(String.init) ?? path
        var output: ArchiveOutput?
        var chunks = batch.chunks(kind, of: fileID)
        while let chunk = try await chunks.next() {
            if let bytes = ReportTextWriter.plainBytes(of: chunk) {
                if output == nil { output = try folder.create(path) }
                try output?.write(bytes)
            }
            writer.append(chunk, kind, bytesFile: name)
        }
        return output
    }
}
