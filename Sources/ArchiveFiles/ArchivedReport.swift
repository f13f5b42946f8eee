import BSON
import ReportArchive

/// Reads a report of an archive, with what is beside it.
struct ArchivedReport {
    let folder: ArchiveFolder
    let entry: ManifestEntry

    /// Hands over each document, in order, and then holds all files against the manifest. What was handed over counts only
    /// where nothing is thrown.
    ///
    /// Throws `ArchiveTrouble`, or what `body` throws.
    func read(_ body: (ArchivedDocument) async throws -> Void) async throws {
        do { try await readAll(body) } catch let trouble as ArchiveTrouble where trouble.isOfKey {
            // A byte that was changed in its head looks as if the key were another.
            try await checkBytes()
            throw trouble
        }
    }

    /// Whether its files are encrypted, at least in part.
    var isSealed: Bool { entry.all.contains { ArchivePath.isSealed($0.path) } }

    /// Holds all files against the manifest, as they are, whether or not anything is known that opens them.
    func checkBytes() async throws {
        for meant in entry.all {
            guard let file = try await folder.file(meant.path, isRaw: true) else { throw Self.missing(meant) }
            try Self.hold(file, against: meant)
        }
    }

    private func readAll(_ body: (ArchivedDocument) async throws -> Void) async throws {
        guard let text = try await folder.file(entry.text.path) else { throw Self.missing(entry.text) }
        var reader = ReportTextReader(id: entry.id)
        var beside = FilesBeside(folder: folder, text: entry.text.path, files: entry.files)
        do {
            while let line = try text.line() {
                // The line may end the paragraph that begins with the next file.
                try await beside.prepare()
                let document = try reader.take(line) { name, count in try beside.bytes(name, count) }
                if let document { try await body(document) }
            }
            try reader.finish()
            try beside.finish()
        } catch let fault as ArchiveFault {
            // Whether a byte was changed, or somebody wrote it so.
            let isChanged = (try? Self.hold(text, against: entry.text)) == nil
            throw ArchiveTrouble(
                "\(entry.text.path): \(fault)\(isChanged ? "; the file is not as the manifest has it" : "")")
        }
        try Self.hold(text, against: entry.text)
    }

    static func missing(_ file: ManifestFile) -> ArchiveTrouble { ArchiveTrouble("\(file.path): is missing") }

    /// Reads the rest of a file.
    static func hold(_ file: ArchiveFile, against meant: ManifestFile) throws {
        let (bytes, sha256) = try file.finish()
        guard bytes == meant.bytes else {
            throw ArchiveTrouble("\(meant.path): has \(bytes) bytes; the manifest says \(meant.bytes)")
        }
        guard sha256 == meant.sha256 else {
            throw ArchiveTrouble("\(meant.path): its SHA-256 is not the manifest's, so it was changed")
        }
    }
}

/// The files beside a report's text, read one after another as the text names them.
private struct FilesBeside {
    let folder: ArchiveFolder
    let files: [ManifestFile]
    private let place: String
    private var index = -1
    private var open: ArchiveFile?
    /// The one after it.
    private var next: ArchiveFile?

    /// `text`: the path of what they are beside.
    init(folder: ArchiveFolder, text: String, files: [ManifestFile]) {
        self.folder = folder
        self.files = files
        place = text.split(separator: "/").dropLast().joined(separator: "/")
    }

    /// To be called before each line, which needs one file more at most.
    mutating func prepare() async throws {
        guard next == nil, index + 1 < files.count else { return }
        guard let file = try await folder.file(files[index + 1].path) else {
            throw ArchivedReport.missing(files[index + 1])
        }
        next = file
    }

    mutating func bytes(_ name: String, _ count: Int) throws -> [UInt8] {
        let path = "\(place)/\(name)"
        if open == nil || ArchivePath.opened(files[index].path) != path {
            try close()
            index += 1
            guard files.indices.contains(index), ArchivePath.opened(files[index].path) == path else {
                throw ArchiveFault("\(path) is not the next file that the manifest has beside this text")
            }
            (open, next) = (next, nil)
        }
        guard let bytes = try open?.bytes(count), bytes.count == count else {
            throw ArchiveTrouble("\(path): has fewer bytes than its report says")
        }
        return bytes
    }

    private mutating func close() throws {
        guard let file = open else { return }
        open = nil
        let used = file.count
        try ArchivedReport.hold(file, against: files[index])
        guard file.count == used else { throw ArchiveTrouble("\(file.name): has more bytes than its report says") }
    }

    mutating func finish() throws {
        try close()
        guard index == files.count - 1 else {
            throw ArchiveFault("the manifest has more files beside this text than it names")
        }
    }
}
