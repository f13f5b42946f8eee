import ArchiveFiles
import ArgumentParser
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportArchive
import ReportClient
import ReportStores

struct EraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Take a person's name and address out of the record, and out of an archive.",
        discussion: """
            Where they asked for reports and where reports go to them: requester, deliver and recipients, in records, events \
            and the ledger of deliveries. A tombstone, which doesn't hold the address, keeps imports from bringing them back. \
            Refuses while requests, schedules, triggers, pipelines or deliveries of the cluster name the address, and lists \
            them. Rows, files, parameters, logs, what was sent, other archives and backups stay; reports that still hold the \
            address are listed. An erasure that was interrupted goes on when it is run again.

            For example: erase --requester dana@example.com --archive /archive --key archive.key --protocol erasure.txt
            """)

    @Option(help: "The person's e-mail address.")
    var requester: String

    @Option(
        help: "The folder of an archive, or s3://BUCKET/PREFIX, that they are to be erased from, too.",
        completion: .directory)
    var archive: String?

    @Option(
        name: .customLong("protocol"), help: "Write the protocol to this file. Default: to standard output.",
        completion: .file())
    var protocolFile: String?

    @Flag(help: "Don't look for requests, schedules, triggers, pipelines and deliveries: there is no cluster any more.")
    var noCluster = false

    @Flag(help: "Say what would be erased; change nothing.")
    var dryRun = false

    @OptionGroup var place: ArchivePlaceOptions
    @OptionGroup var keys: ArchiveKeyOptions
    @OptionGroup var recipients: ArchiveRecipientOptions
    @OptionGroup var identities: ArchiveIdentityOptions
    @OptionGroup var mongodb: ArchiveStoreOptions

    func validate() throws {
        let parts = requester.split(separator: "@", omittingEmptySubsequences: false)
        let isAddress = parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
        guard isAddress, !requester.contains(where: { $0.isWhitespace || $0 == "<" || $0 == "\"" }) else {
            throw ValidationError(
                "--requester: \"\(requester)\" is not one plain address such as dana@example.com")
        }
        guard archive != nil || keys.key == nil else { throw ValidationError("--key is for --archive; give both") }
    }

    func run() async throws {
        let key = try keys.load()
        let (recipients, identities) = (try recipients.load(), try identities.load())
        if !noCluster { try await Self.refuseLive(requester, try mongodb.session()) }
        let store = try await mongodb.store()
        let now = Date()
        let outcome = try await Trouble.explaining {
            // The collection of tombstones, as far as this user may make it.
            if !dryRun { try await store.prepare() }
            let erasure = ReportErasure(
                store.archive, address: requester,
                archive: try archive.map {
                    try place.open($0, recipients: recipients, identities: identities)
                }, key: key,
                now: Int64((now.timeIntervalSince1970 * 1000).rounded()), isDryRun: dryRun)
            return try await erasure.run()
        }
        if let trouble = outcome.unnoted {
            Out.hint("The archive is whole, but MongoDB wasn't told of its new manifest: \(trouble)")
        }
        let text = ErasureProtocol(
            outcome: outcome, at: Timestamp(now).description, database: store.database,
            clusterNotAsked: noCluster
                ? "Requests, schedules, triggers, pipelines and deliveries of a cluster were not looked at." : nil
        ).text
        if dryRun { Out.hint("Nothing was changed. An erasure would write this:") }
        guard !dryRun, let protocolFile else { return Out.write(text) }
        try write(text, to: protocolFile)
        Out.line(
            "Erased from \(outcome.reports.count) reports in MongoDB"
                + (outcome.archive.map { " and \($0.reports.count) in the archive" } ?? "")
                + "; \(outcome.left.count) reports still hold the address. The protocol is \(protocolFile).")
    }

    /// Throws where objects of the cluster name the address, with all of them.
    static func refuseLive(_ address: String, _ session: Session) async throws {
        let mentions = LiveMentions(address)
        var lines: [String] = []
        for kind in [
            ReportRequest.resourceKind, ReportSchedule.resourceKind, ReportTrigger.resourceKind,
            ReportPipeline.resourceKind, ReportDelivery.resourceKind,
        ] {
            let list = try await session.explaining { try await session.cluster.wholeList(kind, namespace: nil) }
            lines += mentions.lines(list, kind)
        }
        guard lines.isEmpty else {
            throw Trouble(
                "\(lines.count) objects of the cluster name the address; nothing was erased. Delete or change them first:",
                advice: lines, code: .failed)
        }
    }

    private func write(_ text: String, to path: String) throws {
        guard
            FileManager.default.createFile(
                atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        else { throw Trouble("--protocol: \(path) can't be written; it would say:\n\(text)") }
    }
}
