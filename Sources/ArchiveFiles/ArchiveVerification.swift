package import ReportArchive

/// Holds an archive against its manifest and its grammar, without any database.
package struct ArchiveVerification {
    private let folder: ArchiveFolder
    private let trust: ArchiveTrust?
    /// Beyond so many faults the rest isn't looked at.
    private static let limit = 100

    /// `trust`: nil where it doesn't matter who has written it.
    package init(_ folder: ArchiveFolder, trust: ArchiveTrust?) {
        self.folder = folder
        self.trust = trust
    }

    package struct Outcome: Sendable {
        package let head: ManifestHead
        package let foot: ManifestFoot
        package let isSigned: Bool
    }

    /// Throws `ArchiveTrouble` with each file that isn't as it should be.
    package func run() async throws -> Outcome {
        guard let manifest = try ManifestFileReader(folder) else {
            throw ArchiveTrouble("\(folder.path): is not an archive: it has no \(ArchivePath.manifest)")
        }
        var faults: [String] = []
        var foot = ManifestFoot()
        while let entry = try manifest.next() {
            foot.count(entry)
            do {
                try await ArchivedReport(folder: folder, entry: entry).read { _ in }
            } catch let trouble as ArchiveTrouble {
                faults += trouble.faults
            }
            guard faults.count < Self.limit else { break }
        }
        if faults.count < Self.limit {
            do { try manifest.check(trust) } catch let trouble as ArchiveTrouble { faults += trouble.faults }
        }
        guard faults.isEmpty else { throw ArchiveTrouble(faults) }
        return Outcome(head: manifest.head, foot: foot, isSigned: manifest.isSigned)
    }
}
