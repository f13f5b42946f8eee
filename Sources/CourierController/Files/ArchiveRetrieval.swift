import ArchiveFiles
import AsyncSupport
package import Digests
import FoundationEssentials
package import Logging
import ReportArchive
import ReportRecords
package import ReportStores

/// Brings offloaded reports back from the archive that the courier was given: each once, however many callers ask at
/// once.
package actor ArchiveRetrieval {
    private let path: String
    private let identities: [AgeIdentity]
    private let environment: [String: String]
    /// Where a bucket's files are while they are read.
    private let making: String
    private let store: ReportStore
    private let logger: Logger
    /// Those that are on their way, by the report's id.
    private var underWay: [String: Task<Void, any Error>] = [:]
    /// One after the other: each reads the archive's whole manifest.
    private let turns = Turns(1)

    /// `path`: the archive's folder, as the courier sees it, or `s3://BUCKET/PREFIX`. `identities`: open it where it is
    /// encrypted. `environment`: has a bucket's credentials; throws where it hasn't.
    package init(
        path: String, identities: [AgeIdentity], environment: [String: String], workFolder: String, store: ReportStore,
        logger: Logger
    ) throws {
        try ArchiveFolder.check(path, environment: environment)
        self.path = path
        self.identities = identities
        self.environment = environment
        making = WorkFolders(workFolder).making
        self.store = store
        self.logger = logger
    }

    /// Throws `FileTrouble`, or `StoreTrouble`.
    func bringBack(_ id: String, _ offload: Offload) async throws {
        if let task = underWay[id] { return try await task.value }
        let task = Task { try await restore(id, offload) }
        underWay[id] = task
        defer { underWay[id] = nil }
        try await task.value
    }

    private func restore(_ id: String, _ offload: Offload) async throws {
        try await turns.take()
        defer { turns.giveBack() }
        let start = ContinuousClock.now
        do {
            try await run(id)
        } catch let trouble as ArchiveTrouble where trouble.isBusy {
            // As of a bucket that can't be reached.
            throw FileTrouble.transient("\(trouble)")
        } catch is ArchiveTrouble {
            // An export that ran meanwhile may have put a newer file in the place of one.
            do { try await run(id) } catch let trouble as ArchiveTrouble { throw told(trouble, id, offload) }
        }
        logger.info(
            "Brought a report back from the archive",
            metadata: ["report": "\(id)", "took": "\(ContinuousClock.now - start)"])
    }

    private func run(_ id: String) async throws {
        let folder: ArchiveFolder
        do {
            folder = try ArchiveFolder.named(
                path, identities: identities, environment: environment, temporary: making, logger: logger)
            guard try await folder.file(ArchivePath.manifest) != nil else {
                throw ArchiveTrouble("\(path): there is no archive")
            }
        } catch let trouble as ArchiveTrouble {
            // As of a volume that isn't there at the moment.
            throw FileTrouble.transient("\(trouble)")
        }
        var restore = ArchiveRestore(folder, into: store.archive, key: nil)
        _ = try await restore.run([id])
    }

    private func told(_ trouble: ArchiveTrouble, _ id: String, _ offload: Offload) -> FileTrouble {
        logger.warning(
            "A report can't be brought back from the archive", metadata: ["report": "\(id)", "error": "\(trouble)"])
        return .permanent("\(offload.sentence(id)); the courier can't: \(trouble)")
    }
}
