import Digests
import ReportArchive

/// Goes through a manifest, entry by entry.
final class ManifestFileReader {
    private let file: ArchiveFile
    private var reader: ManifestReader
    private let journal: Journal?
    private(set) var head: ManifestHead
    /// Of all lines before the one that says it.
    private var said: (digest: String, isRight: Bool)?
    private var signature: (code: String, of: String)?
    private var digest = SHA256()
    /// Where the last entry ended that was returned.
    private(set) var end = 0

    /// What an export has written so far.
    enum Journal {
        /// All that the export had to write.
        case whole
        /// It may end anywhere.
        case interrupted
    }

    /// `journal`: reads that instead of the manifest. Nil where there is none. Throws `ArchiveTrouble`.
    init?(_ folder: ArchiveFolder, journal: Journal? = nil) async throws {
        guard let file = try await folder.file(journal == nil ? ArchivePath.manifest : ArchivePath.journal) else {
            return nil
        }
        self.file = file
        reader = ManifestReader(isJournal: journal != nil)
        self.journal = journal
        head = ManifestHead(export: 0, at: 0, extents: [])
        while true {
            guard case .head(let head) = try sentence() else { continue }
            self.head = head
            end = file.count
            return
        }
    }

    /// Throws at the end of the file, where no head ended before it.
    private func sentence() throws -> ManifestReader.Sentence? {
        guard let line = try file.line() else {
            throw ArchiveTrouble("\(file.name): the manifest breaks off")
        }
        return try take(line)
    }

    private func take(_ line: ArraySlice<UInt8>) throws -> ManifestReader.Sentence? {
        do {
            let sentence = try reader.take(line)
            switch sentence {
            case .digest(let text): said = (text, text == digest.copy().finish())
            case .signature(let code): signature = (code, digest.copy().finish())
            case .head, .entry, nil: break
            }
            digest.update(line)
            digest.update(CollectionOfOne(UInt8(ascii: "\n")))
            return sentence
        } catch {
            throw ArchiveTrouble("\(file.name): \(error)")
        }
    }

    /// The next report; nil at the end. A journal ends where it isn't whole.
    func next() throws -> ManifestEntry? {
        while true {
            let start = file.count
            let line: ArraySlice<UInt8>?
            do { line = try file.line() } catch let trouble as ArchiveTrouble {
                guard journal == .interrupted else { throw trouble }
                return nil
            }
            guard let line else {
                if let journal { return journal == .whole ? reader.lastOfJournal() : nil }
                do { try reader.finish() } catch { throw ArchiveTrouble("\(file.name): \(error)") }
                return nil
            }
            if case .entry(let entry) = try take(line) {
                end = start
                return entry
            }
        }
    }

    /// To be called at the end: whether it is as it was written, and by whom.
    ///
    /// `trust`: nil where it doesn't matter who has written it.
    func check(_ trust: ArchiveTrust?) throws {
        guard let said, said.isRight else {
            throw ArchiveTrouble("\(file.name): its SHA-256 is not the one that it says")
        }
        switch (trust, signature) {
        case (.key(let key), let signature?):
            guard key.isSignature(signature.code, of: signature.of) else {
                throw ArchiveTrouble("\(file.name): the signature is not by this key")
            }
        case (.key, nil): throw ArchiveTrouble("\(file.name): it is not signed")
        case (.unsigned, _), (nil, _): break
        }
    }

    var isSigned: Bool { signature != nil }

    /// The head of an archive that is to be written; nil where there is none yet.
    ///
    /// Throws where its manifest isn't right, or isn't by this key: one that is signed stays so.
    static func head(of folder: ArchiveFolder, _ key: ArchiveKey?) async throws -> ManifestHead? {
        guard let manifest = try await ManifestFileReader(folder) else { return nil }
        while try manifest.next() != nil {}
        try manifest.check(key.map(ArchiveTrust.key))
        guard key != nil || !manifest.isSigned else {
            throw ArchiveTrouble("\(ArchivePath.manifest): it is signed, so this needs its key")
        }
        return manifest.head
    }
}

extension ArchiveFolder {
    /// The recipients that files are encrypted to, as manifests name them.
    var recipientTexts: [String] { recipients.map(\.description) }

    /// Throws where reports were encrypted and would now be written for everybody to read.
    func checkSealing(_ head: ManifestHead) throws {
        guard head.recipients.isEmpty || isSealing else {
            throw ArchiveTrouble("\(ArchivePath.manifest): the archive is encrypted, so this needs --encrypt-to")
        }
    }

    /// Removes every file of a report that the manifest doesn't name, and what an export has written so far.
    ///
    /// `isYoungToo`: in a bucket also what another writer may just have written.
    func sweep(isYoungToo: Bool) async throws {
        try await abortUploads(isYoungToo: isYoungToo)
        guard let manifest = try await ManifestFileReader(self) else { return }
        var named: Set<String> = []
        while let entry = try manifest.next() { named.formUnion(entry.all.map(\.path)) }
        for path in try await reportFiles(isYoungToo: isYoungToo)
        where ArchivePath.isSafe(path) && !named.contains(path) {
            try await remove(path)
        }
        try await remove(ArchivePath.journal)
    }
}

/// Writes a manifest and says at its end what it holds.
struct ManifestFileWriter {
    let output: ArchiveOutput
    private var foot = ManifestFoot()
    private var pending: [UInt8] = []

    init(_ output: ArchiveOutput, _ head: ManifestHead) throws {
        self.output = output
        try output.write(head.text)
    }

    mutating func append(_ entry: ManifestEntry) throws {
        foot.count(entry)
        pending += Array(entry.lines.utf8)
        if pending.count > 64 << 10 { try flush() }
    }

    private mutating func flush() throws {
        guard !pending.isEmpty else { return }
        try output.write(pending)
        pending.removeAll(keepingCapacity: true)
    }

    /// Returns the counts.
    mutating func finish(_ key: ArchiveKey?) throws -> ManifestFoot {
        try flush()
        try output.write(foot.text)
        try output.write(ManifestFoot.digest(output.digestSoFar()))
        if let key { try output.write(ManifestFoot.signature(key.signature(of: output.digestSoFar()))) }
        try output.settle()
        return foot
    }
}
