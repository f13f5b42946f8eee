package import ReportArchive

/// Holds an archive against its manifest and its grammar, without any database.
package struct ArchiveVerification {
    private let folder: ArchiveFolder
    private let trust: ArchiveTrust?
    private let opensAll: Bool
    /// The number of faults after which the rest isn't checked.
    private static let limit = 100

    /// `trust`: nil where it doesn't matter who has written it. `opensAll`: throws where something is encrypted and nothing is
    /// known that opens it; else only its bytes are held against the manifest.
    package init(_ folder: ArchiveFolder, trust: ArchiveTrust?, opensAll: Bool = true) {
        self.folder = folder
        self.trust = trust
        self.opensAll = opensAll
    }

    package struct Outcome: Sendable {
        package let head: ManifestHead
        package let foot: ManifestFoot
        package let isSigned: Bool
        /// Reports of which only the bytes were looked at.
        package let unopened: Int
    }

    /// Throws `ArchiveTrouble` with each file that isn't as it should be.
    package func run() async throws -> Outcome {
        guard let manifest = try await ManifestFileReader(folder) else {
            throw ArchiveTrouble("\(folder.path): is not an archive: it has no \(ArchivePath.manifest)")
        }
        var faults: [String] = []
        var foot = ManifestFoot()
        var unopened = 0
        while let entry = try manifest.next() {
            foot.count(entry)
            let report = ArchivedReport(folder: folder, entry: entry)
            do {
                if !opensAll, folder.identities.isEmpty, report.isSealed {
                    unopened += 1
                    try await report.checkBytes()
                } else {
                    try await report.read { _ in }
                }
            } catch let trouble as ArchiveTrouble {
                guard !trouble.isOfKey, !trouble.isBusy else { throw trouble }
                faults += trouble.faults
            }
            guard faults.count < Self.limit else { break }
        }
        if faults.count < Self.limit {
            do { try manifest.check(trust) } catch let trouble as ArchiveTrouble { faults += trouble.faults }
        }
        guard faults.isEmpty else { throw ArchiveTrouble(faults) }
        return Outcome(head: manifest.head, foot: foot, isSigned: manifest.isSigned, unopened: unopened)
    }
}
