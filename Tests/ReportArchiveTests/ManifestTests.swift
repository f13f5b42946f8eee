import ReportArchive
import Testing

@Suite struct ManifestTests {
    static let digest = String(repeating: "0a", count: 32)
    static let head = ManifestHead(
        export: 3, at: 1_795_254_795_000,
        extents: [
            .init(part: ArchivePart(), until: ServerTime(seconds: 1_795_254_700, increment: 3)),
            .init(part: ArchivePart(namespace: "finance", pipeline: "a \"b\"", requester: "d@e"), until: nil),
        ])
    static let entries = [
        ManifestEntry(
            id: "a", text: ManifestFile(path: "finance/2026-10/a.3.txt", bytes: 12, sha256: digest),
            files: [ManifestFile(path: "finance/2026-10/a.3.file-1.pdf", bytes: 9, sha256: digest)]),
        ManifestEntry(
            id: "b", text: ManifestFile(path: "finance/undated/b.txt", bytes: 1, sha256: digest), files: []),
    ]

    static func text(_ entries: [ManifestEntry] = entries) -> String {
        var foot = ManifestFoot()
        for entry in entries { foot.count(entry) }
        let lines = entries.map(\.lines).joined()
        return head.text + lines + foot.text + ManifestFoot.digest(digest) + ManifestFoot.signature(digest)
    }

    static func read(_ text: String, isJournal: Bool = false) throws -> [ManifestReader.Sentence] {
        var reader = ManifestReader(isJournal: isJournal)
        var sentences: [ManifestReader.Sentence] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if let sentence = try reader.take(Array(line.utf8)[...]) { sentences.append(sentence) }
        }
        try reader.finish()
        return sentences
    }

    @Test func readsAsPeopleWriteAndComesBack() throws {
        #expect(
            Self.text() == """
                This is an archive of reports in plain English, grammar 1.
                It is export 3, of 2026-11-21 at 09:53:15.000 UTC.
                It holds all reports, with all changes up to the server time 1795254700, 3.
                It holds the reports of the namespace "finance" and the pipeline "a \\"b\\"" and the requester "d@e", from \
                a server that tells of no changes.

                The report "a" is in "finance/2026-10/a.3.txt" of 12 bytes with the SHA-256 \(Self.digest).
                Beside it is "finance/2026-10/a.3.file-1.pdf" of 9 bytes with the SHA-256 \(Self.digest).
                The report "b" is in "finance/undated/b.txt" of 1 bytes with the SHA-256 \(Self.digest).

                These are 2 reports in 3 files of 22 bytes.
                The SHA-256 of the lines above is \(Self.digest).
                The signature of the lines above, by HMAC-SHA-256, is \(Self.digest).

                """)
        let sentences = try Self.read(Self.text())
        #expect(
            sentences == [
                .head(Self.head), .entry(Self.entries[0]), .entry(Self.entries[1]), .digest(Self.digest),
                .signature(Self.digest),
            ])
    }

    @Test(arguments: [
        "../2026-10/a.txt", "finance/../a.txt", "/etc/passwd", "finance/a.txt", "finance/2026-10/../a.txt",
        "finance/2026-10/.a", "a/b/c/d.txt", "finance//a.txt", "finance/2026-10/A.txt", "finance/2026-10/a b",
        "finance/2026-10/",
    ])
    func pathThatLeadsElsewhereIsRefused(path: String) {
        let entry = ManifestEntry(id: "a", text: ManifestFile(path: path, bytes: 1, sha256: Self.digest), files: [])
        #expect(throws: ArchiveFault.self) { try Self.read(Self.text([entry])) }
    }

    @Test func whatIsMissingOrTooManyIsNamed() throws {
        func fault(_ text: String) -> ArchiveFault? {
            do { _ = try Self.read(text) } catch { return error as? ArchiveFault }
            return nil
        }
        #expect(fault(Self.text(Self.entries.reversed()))?.message == "the reports are not in order")
        #expect(fault(Self.text([Self.entries[0], Self.entries[0]]))?.line == 8)
        #expect(fault(Self.text().replacing("These are 2", with: "These are 3"))?.line == 10)
        #expect(fault(Self.text() + "More.\n") == ArchiveFault(line: 13, "a line too many: the manifest had ended"))
        #expect(fault(Self.head.text) != nil)
    }

    @Test func journalEndsAnywhere() throws {
        let journal = Self.head.text + Self.entries.map(\.lines).joined()
        #expect(try Self.read(journal, isJournal: true) == [.head(Self.head), .entry(Self.entries[0])])
    }

    @Test func namesOfFilesAreOfFewSigns() throws {
        #expect(ArchivePath.name("0b8f-6a5e") == "0b8f-6a5e")
        #expect(ArchivePath.name("../Ä") == "_2e_2e_2f_c3_84")
        #expect(ArchivePath.name("") == "_")
        #expect(ArchivePath.name(String(repeating: "a", count: 181)) == nil)
        let folder = try #require(ArchivePath.folder(of: ReportTextTests.record))
        #expect(folder == "finance/2026-11")
        let file = try #require(
            ArchivePath.file(2, format: "../x", of: "A", in: folder, export: 4, isSealed: false))
        #expect(file == "finance/2026-11/_41.4.file-2.bin")
        #expect(ArchivePath.isSafe(file))
        let sealed = try #require(
            ArchivePath.file(2, format: "age", of: "A", in: folder, export: 4, isSealed: true))
        #expect(sealed == file + ".age" && ArchivePath.isSealed(sealed) && ArchivePath.isSafe(sealed))
        #expect(!ArchivePath.isSealed(file) && ArchivePath.opened(sealed) == file)
    }
}
