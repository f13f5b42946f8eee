import ArchiveFiles
import ArgumentParser
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportArchive
import ReportClient
import ReportRecords
import ReportStores

struct ArchiveOffloadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "offload",
        abstract: "Remove old reports' rows and files from MongoDB that an archive has.",
        discussion: """
            Only of reports that have been over for that long, 90 days at least, and have no delivery on its way. Each \
            report's files in the archive are read again and held against what MongoDB has now; one that isn't in the \
            archive, or has changed since, is left alone and named. The report itself, its events, logs and deliveries stay \
            in MongoDB. An offload that was interrupted goes on when it is run again; archive restore brings reports back.

            For example: archive offload --to /archive --older-than 24mo --dry-run
            """)

    @Option(help: "The folder of the archive, or s3://BUCKET/PREFIX.", completion: .directory)
    var to: String

    @Option(help: "How long ago a report must have ended: such as 180d, 26w, 24mo or 2y; 90 days at least.")
    var olderThan: String

    @OptionGroup var chosen: ArchivePartOptions

    @Flag(help: "Compare, and name the reports that would go; change nothing.")
    var dryRun = false

    @OptionGroup var place: ArchivePlaceOptions
    @OptionGroup var keys: ArchiveKeyOptions
    @OptionGroup var identities: ArchiveIdentityOptions
    @OptionGroup var mongodb: ArchiveStoreOptions

    /// How many reports are named of those that stay for one reason.
    private static let named = 20

    func validate() throws {
        let now = Timestamp(Date())
        guard let moment = TimeArgument.ago(olderThan, now: now) else {
            throw ValidationError("--older-than: \"\(olderThan)\" is not an age such as 180d, 26w, 24mo or 2y")
        }
        guard moment <= now.adding(-ArchiveOffload.youngest / 1000) else {
            throw ValidationError("--older-than: \(olderThan) is too short; reports stay for 90 days at least")
        }
    }

    func run() async throws {
        let key = try keys.load()
        let identities = try identities.load()
        let now = Timestamp(Date())
        guard let before = TimeArgument.ago(olderThan, now: now) else { return }
        let open = try await openDeliveries()
        let store = try await mongodb.store()
        let outcome = try await Trouble.explaining {
            var offload = ArchiveOffload(
                store.archive, to: try place.open(to, identities: identities), part: chosen.part, key: key,
                now: now.seconds * 1000,
                before: before.seconds * 1000, isDryRun: dryRun, isOpen: { open.contains($0) },
                onReport: { id in if dryRun { Out.line(id) } })
            return try await offload.run()
        }
        tell(outcome)
        guard outcome.faults.isEmpty else {
            throw Trouble(
                "The archive isn't as it was exported; these reports stay in MongoDB", advice: outcome.faults,
                code: .failed)
        }
    }

    /// The reports with deliveries in the cluster that aren't over; the ledger knows of a copy from its first try on.
    private func openDeliveries() async throws -> Set<String> {
        guard let session = try mongodb.sessionOfInstallation() else {
            Out.hint(
                "Deliveries that wait in a cluster aren't looked at, as MongoDB's address was given; those that were tried are."
            )
            return []
        }
        let deliveries = try await session.explaining { try await session.cluster.deliveries(namespace: nil) }
        return Set(deliveries.filter { $0.status?.phase?.isTerminal != true }.compactMap { $0.spec.value?.reportID })
    }

    private func tell(_ outcome: ArchiveOffload.Outcome) {
        if outcome.resumed > 0 {
            Out.hint("Went on with \(outcome.resumed) reports of an offload that was interrupted.")
        }
        for reason in ArchiveOffload.Skipped.Reason.allCases {
            let ids = outcome.skipped.filter { $0.reason == reason }.map(\.id)
            guard !ids.isEmpty else { continue }
            let why =
                switch reason {
                case .absent: "aren't in the archive: export first"
                case .changed: "have changed since they were exported: export --since last first"
                case .open: "have a delivery that isn't over"
                }
            Out.hint("\(ids.count) reports stay, as they \(why):")
            for id in ids.prefix(Self.named) { Out.hint("  \(id)") }
            if ids.count > Self.named { Out.hint("  and \(ids.count - Self.named) more") }
        }
        let what = "the rows and files of \(outcome.reports) reports"
        if dryRun { Out.hint("Would offload \(what).") } else { Out.line("Offloaded \(what).") }
    }
}

struct ArchiveRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring offloaded reports' rows and files back into MongoDB.",
        discussion: """
            From the archive that they were offloaded to, or from a copy of it. What it has is held against the digest that \
            MongoDB has of it, so that nothing else than what went comes back. Can be run again.

            For example: archive restore 0b8f6a5e-3a43-4c7e-8d0b-2f8f4b0c7a11 --from /archive
            """)

    @Argument(help: "Ids of reports.")
    var ids: [String]

    @Option(
        help: "The folder of the archive, or s3://BUCKET/PREFIX. Default: the one that the report was offloaded to.",
        completion: .directory)
    var from: String?

    @OptionGroup var place: ArchivePlaceOptions
    @OptionGroup var keys: ArchiveKeyOptions
    @OptionGroup var identities: ArchiveIdentityOptions
    @OptionGroup var mongodb: ArchiveStoreOptions

    func run() async throws {
        let key = try keys.load()
        let identities = try identities.load()
        let store = try await mongodb.store().archive
        let outcome = try await Trouble.explaining {
            var outcome = ArchiveRestore.Outcome()
            for (folder, ids) in try await folders(store) {
                var restore = ArchiveRestore(
                    try place.open(folder, identities: identities), into: store, key: key)
                let done = try await restore.run(ids)
                outcome.restored += done.restored
            }
            outcome.there = Set(ids).count - outcome.restored
            return outcome
        }
        let rest = outcome.there > 0 ? " Those of \(outcome.there) were in MongoDB." : ""
        Out.line("Restored the rows and files of \(outcome.restored) reports.\(rest)")
    }

    /// Which reports are in which archive; those whose rows and files are in MongoDB are in none.
    private func folders(_ store: ArchiveStore) async throws -> [(String, [String])] {
        if let from { return [(from, ids)] }
        let results = try await store.results(of: ids)
        var folders: [String: [String]] = [:]
        for id in ids {
            guard results[id] != nil else {
                throw Trouble("\(id): MongoDB has no result of such a report; archive import brings whole reports")
            }
            if let mark = try await store.offload(of: id) { folders[mark.archive, default: []].append(id) }
        }
        return folders.sorted { $0.key < $1.key }
    }
}
