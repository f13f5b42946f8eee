/// What an archive's manifest begins with.
package struct ManifestHead: Hashable, Sendable {
    /// A part, and up to when all changes of it are in the archive; nil where the server tells of none.
    package struct Extent: Hashable, Sendable {
        package var part: ArchivePart
        package var until: ServerTime?

        package init(part: ArchivePart, until: ServerTime?) {
            self.part = part
            self.until = until
        }
    }

    /// Counts exports, from 1 on.
    package var export: Int
    /// When it began, in milliseconds since 1970.
    package var at: Int64
    /// Public keys that what is written is encrypted to; empty where it isn't.
    package var recipients: [String]
    package var extents: [Extent]
    /// Of those who were erased from it, in the order of their codes: an import brings none of them back.
    package var tombstones: [Tombstone]

    package init(
        export: Int, at: Int64, recipients: [String] = [], extents: [Extent], tombstones: [Tombstone] = []
    ) {
        self.recipients = recipients
        self.export = export
        self.at = at
        self.extents = extents
        self.tombstones = tombstones
    }

    static let first = "This is an archive of reports in plain English, grammar 1."

    package var text: String {
        let moment = MomentText.text(milliseconds: at) ?? "\(at) ms after 1970"
        let lines = extents.map { extent in
            let until =
                extent.until.map { "with all changes up to the server time \($0.seconds), \($0.increment)" }
                ?? "from a server that tells of no changes"
            return "It holds \(extent.part.words), \(until)."
        }
        let first = [Self.first, "It is export \(export), of \(moment)."]
        let keys = recipients.map { "What is written to it is encrypted to \(QuotedText.quoted($0))." }
        return (first + keys + lines + tombstones.map(\.line)).joined(separator: "\n") + "\n\n"
    }

    /// How far that part had come.
    package func until(_ part: ArchivePart) -> ServerTime? { extents.first { $0.part == part }?.until }
}

/// A file of an archive.
package struct ManifestFile: Hashable, Sendable {
    package var path: String
    package var bytes: Int
    /// In hexadecimal digits.
    package var sha256: String

    package init(path: String, bytes: Int, sha256: String) {
        self.path = path
        self.bytes = bytes
        self.sha256 = sha256
    }
}

/// A report of an archive, and where it is.
package struct ManifestEntry: Hashable, Sendable {
    package var id: String
    package var text: ManifestFile
    /// What is beside the text, in the order in which it names them.
    package var files: [ManifestFile]

    package init(id: String, text: ManifestFile, files: [ManifestFile]) {
        self.id = id
        self.text = text
        self.files = files
    }

    package var all: [ManifestFile] { [text] + files }

    /// The folder that its files are in.
    package var place: String { text.path.split(separator: "/").dropLast().joined(separator: "/") }

    package var lines: String {
        let first =
            "The report \(QuotedText.quoted(id)) is in \"\(text.path)\" of \(text.bytes) bytes with the SHA-256 "
            + "\(text.sha256).\n"
        return files.reduce(first) {
            $0 + "Beside it is \"\($1.path)\" of \($1.bytes) bytes with the SHA-256 \($1.sha256).\n"
        }
    }

    /// By the bytes of their ids, as MongoDB sorts them: the order of a manifest.
    package static func isBefore(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

/// What a manifest ends with.
package struct ManifestFoot: Hashable, Sendable {
    package var reports = 0
    package var files = 0
    package var bytes = 0

    package init() {}

    package mutating func count(_ entry: ManifestEntry) {
        reports += 1
        files += entry.all.count
        // No archive is large enough to overflow this, but a manifest may claim it.
        bytes = entry.all.reduce(bytes) { $0 &+ $1.bytes }
    }

    package var text: String { "\nThese are \(reports) reports in \(files) files of \(bytes) bytes.\n" }

    package static func digest(_ sha256: String) -> String { "The SHA-256 of the lines above is \(sha256).\n" }

    package static func signature(_ code: String) -> String {
        "The signature of the lines above, by HMAC-SHA-256, is \(code).\n"
    }
}

/// Reads a manifest line by line.
package struct ManifestReader {
    package enum Sentence: Sendable, Hashable {
        case head(ManifestHead)
        /// Said once the line after it is read.
        case entry(ManifestEntry)
        case digest(String)
        case signature(String)
    }

    private enum Place { case head, entries, foot, digest, signature, end }

    private var place = Place.head
    private var head = ManifestHead(export: 0, at: 0, extents: [])
    private var entry: ManifestEntry?
    private var lastID: String?
    private var foot = ManifestFoot()
    private var line = 0
    /// Whether it is a journal, which ends anywhere among its entries.
    private let isJournal: Bool

    package init(isJournal: Bool = false) { self.isJournal = isJournal }

    /// Takes a line without its line feed.
    package mutating func take(_ text: ArraySlice<UInt8>) throws(ArchiveFault) -> Sentence? {
        line += 1
        do {
            return try read(text)
        } catch {
            throw ArchiveFault(line: error.line ?? line, error.message)
        }
    }

    /// The last report of a journal that is known to be whole. Of one that was interrupted it may lack files.
    package mutating func lastOfJournal() -> ManifestEntry? {
        defer { entry = nil }
        return entry
    }

    /// To be called at the end.
    package func finish() throws(ArchiveFault) {
        guard isJournal || place == .signature || place == .end else {
            throw ArchiveFault(line: line, "the manifest breaks off")
        }
    }

    private mutating func read(_ text: ArraySlice<UInt8>) throws(ArchiveFault) -> Sentence? {
        var line = ValueReader(text)
        switch place {
        case .head: return try readHead(&line)
        case .entries: return try readEntry(&line)
        case .foot:
            let written = Array(foot.text.utf8.dropFirst().dropLast())
            guard text.elementsEqual(written) else {
                throw ArchiveFault("the count is not: \(String(decoding: written, as: UTF8.self))")
            }
            place = .digest
            return nil
        case .digest:
            try line.expect("The SHA-256 of the lines above is ")
            place = .signature
            return .digest(try line.digest())
        case .signature:
            try line.expect("The signature of the lines above, by HMAC-SHA-256, is ")
            place = .end
            return .signature(try line.digest())
        case .end: throw ArchiveFault("a line too many: the manifest had ended")
        }
    }

    private mutating func readHead(_ line: inout ValueReader) throws(ArchiveFault) -> Sentence? {
        switch self.line {
        case 1:
            guard line.rest.elementsEqual(ManifestHead.first.utf8) else {
                throw ArchiveFault("this is not: \(ManifestHead.first)")
            }
            return nil
        case 2:
            try line.expect("It is export ")
            head.export = try line.integer(Int.self)
            try line.expect(", of ")
            head.at = try line.moment()
            try line.expect(".")
            try line.expectEnd()
            guard (1...1_000_000_000).contains(head.export) else { throw ArchiveFault("no export has that number") }
            return nil
        default: break
        }
        guard !line.rest.isEmpty else {
            place = .entries
            return .head(head)
        }
        if line.take("What is written to it is encrypted to ") {
            guard head.extents.isEmpty, head.tombstones.isEmpty else {
                throw ArchiveFault("whom it is encrypted to does not come first")
            }
            head.recipients.append(try line.text())
            try line.expect(".")
            try line.expectEnd()
            return nil
        }
        if line.take("Somebody was erased: ") {
            let tombstone = try Tombstone(&line)
            if let last = head.tombstones.last, (tombstone.code, tombstone.key) <= (last.code, last.key) {
                throw ArchiveFault("those who were erased are not in order")
            }
            head.tombstones.append(tombstone)
            return nil
        }
        guard head.tombstones.isEmpty else { throw ArchiveFault("those who were erased do not come last") }
        try line.expect("It holds ")
        let part = try ArchivePart(&line)
        var extent = ManifestHead.Extent(part: part, until: nil)
        if !line.take(", from a server that tells of no changes.") {
            try line.expect(", with all changes up to the server time ")
            let seconds = try line.integer(UInt32.self)
            try line.expect(", ")
            extent.until = ServerTime(seconds: seconds, increment: try line.integer(UInt32.self))
            try line.expect(".")
        }
        try line.expectEnd()
        head.extents.append(extent)
        return nil
    }

    private mutating func readEntry(_ line: inout ValueReader) throws(ArchiveFault) -> Sentence? {
        if line.take("Beside it is ") {
            let file = try line.file()
            guard entry != nil else { throw ArchiveFault("a file belongs to no report") }
            entry?.files.append(file)
            return nil
        }
        let before = entry
        entry = nil
        if let before { foot.count(before) }
        if line.rest.isEmpty, !isJournal {
            place = .foot
            return before.map(Sentence.entry)
        }
        try line.expect("The report ")
        let id = try line.text()
        try line.expect(" is in ")
        let file = try line.file()
        if let lastID, !ManifestEntry.isBefore(lastID, id) { throw ArchiveFault("the reports are not in order") }
        lastID = id
        entry = ManifestEntry(id: id, text: file, files: [])
        return before.map(Sentence.entry)
    }
}

extension ValueReader {
    /// `"…" of 12 bytes with the SHA-256 ….`
    fileprivate mutating func file() throws(ArchiveFault) -> ManifestFile {
        let path = try text()
        guard ArchivePath.isSafe(path) else {
            throw ArchiveFault("\(QuotedText.quoted(path)) is not the path of a file in an archive")
        }
        try expect(" of ")
        let bytes = try integer(Int.self)
        guard bytes >= 0 else { throw ArchiveFault("a file has no fewer than 0 bytes") }
        try expect(" bytes with the SHA-256 ")
        return ManifestFile(path: path, bytes: bytes, sha256: try digest())
    }

    /// 64 digits and the full stop.
    fileprivate mutating func digest() throws(ArchiveFault) -> String {
        let text = try digits()
        try expect(".")
        try expectEnd()
        return text
    }

    /// 64 digits.
    mutating func digits() throws(ArchiveFault) -> String {
        let digits = rest.prefix(64)
        guard digits.count == 64, digits.allSatisfy({ Hexadecimal.value($0) != nil }) else {
            throw ArchiveFault("a digest is not of 64 digits")
        }
        let text = String(decoding: digits, as: UTF8.self)
        skip(64)
        return text
    }

    /// Milliseconds since 1970.
    fileprivate mutating func moment() throws(ArchiveFault) -> Int64 {
        let text = String(decoding: rest.prefix(30), as: UTF8.self)
        guard let milliseconds = MomentText.milliseconds(text) else { throw ArchiveFault("a moment is missing") }
        skip(30)
        return milliseconds
    }
}
