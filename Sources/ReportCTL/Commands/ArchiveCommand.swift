import ArchiveFiles
import ArgumentParser
import FoundationEssentials
import KubernetesModel
import ReportArchive
import ReportClient
import ReportStores

struct ArchiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Write reports out in plain English, check what was written, and bring it back.",
        discussion: """
            An archive is a folder of texts that people can read and reportctl can import, with a manifest that names each \
            file and its SHA-256. See docs/archive.md.

            For example: archive export --to /archive --since last
            """,
        subcommands: [
            ArchiveExportCommand.self, ArchiveVerifyCommand.self, ArchiveImportCommand.self,
            ArchiveOffloadCommand.self, ArchiveRestoreCommand.self,
        ])
}

/// What signs an archive.
struct ArchiveKeyOptions: ParsableArguments {
    @Option(
        help: "A file with the key that signs the archive: 32 bytes or more, such as of openssl rand 32.",
        completion: .file())
    var key: String?

    /// Nil where none is named.
    func load() throws -> ArchiveKey? {
        guard let key else { return nil }
        guard let data = FileManager.default.contents(atPath: key) else {
            throw Trouble("--key: \(key) can't be read", code: .usage)
        }
        guard let loaded = ArchiveKey(Array(data)) else {
            throw Trouble(
                "--key: \(key) has fewer than 32 bytes", advice: ["make one: openssl rand 32 >\(key)"], code: .usage)
        }
        return loaded
    }
}

/// Which reports are meant: those for which all that is given holds.
struct ArchivePartOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "Only reports of this namespace.", completion: Completion.namespaces)
    var namespace: String?

    @Option(name: .shortAndLong, help: "Only reports of this pipeline.")
    var pipeline: String?

    @Option(help: "Only reports that this person asked for: an e-mail address or a name.")
    var requester: String?

    var part: ArchivePart { ArchivePart(namespace: namespace, pipeline: pipeline, requester: requester) }
}

/// The MongoDB that an archive is made of, or written to. Where its address is given, no cluster is asked.
struct ArchiveStoreOptions: ParsableArguments {
    @OptionGroup var records: RecordOptions

    @Option(
        help: "The kubeconfig file. Default: $KUBECONFIG, then the pod's service account, then ~/.kube/config.",
        completion: .file())
    var kubeconfig: String?

    @Option(help: "The kubeconfig's context. Default: its current one.", completion: Completion.contexts)
    var context: String?

    func store() async throws -> ReportStore {
        if let store = try records.givenStore(followsChanges: true) { return store }
        return try await records.store(try session(), followsChanges: true)
    }

    /// The cluster, where MongoDB's address comes from it; nil where the caller gives that.
    func sessionOfInstallation() throws -> Session? { records.isAddressGiven ? nil : try session() }

    func session() throws -> Session {
        var cluster = ClusterOptions()
        cluster.kubeconfig = kubeconfig
        cluster.context = context
        return try cluster.session()
    }
}

extension Trouble {
    /// What went wrong with an archive or its database; what is neither is thrown as it is.
    static func explaining<Value>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let trouble as ArchiveTrouble {
            throw Trouble(trouble.faults.first ?? "", advice: Array(trouble.faults.dropFirst()), code: .failed)
        } catch let trouble as StoreTrouble {
            throw Trouble(trouble.description)
        }
    }
}

struct ArchiveExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write reports into an archive.",
        discussion: """
            All of them, or those of a namespace, a pipeline or a requester. What was in the archive before stays until all \
            is written; an export that was interrupted goes on where it was. With --follow it goes on until it is stopped \
            by SIGTERM or Ctrl-C, and exports what changes within seconds.

            For example: archive export --to /archive --since last --namespace finance
            """)

    enum Since: String, ExpressibleByArgument, CaseIterable { case last }

    @Option(help: "The folder of the archive. It is made if it isn't there.", completion: .directory)
    var to: String

    @Option(help: "last: only what has changed since the last export of the same reports.")
    var since: Since?

    @Flag(help: "Go on, and export what changes within seconds. MongoDB has to be a replica set.")
    var follow = false

    @OptionGroup var chosen: ArchivePartOptions
    @OptionGroup var keys: ArchiveKeyOptions
    @OptionGroup var mongodb: ArchiveStoreOptions

    private static func now() -> Int64 { Int64((Date().timeIntervalSince1970 * 1000).rounded()) }

    func run() async throws {
        let key = try keys.load()
        let store = try await mongodb.store()
        guard !follow else { return try await followChanges(store.archive, key) }
        let now = Self.now()
        let outcome = try await Trouble.explaining {
            let folder = try ArchiveFolder(to, isToBeMade: true)
            var export = ArchiveExport(store.archive, to: folder, part: chosen.part, key: key, now: now)
            return try await export.run(sinceLast: since != nil)
        }
        if since != nil, outcome.isWhole {
            Out.hint("All of them were read: there is no export before that MongoDB still knows all changes since.")
        }
        Self.tell(outcome)
    }

    /// Until it is told to stop; what was exported by then is whole.
    private func followChanges(_ store: ArchiveStore, _ key: ArchiveKey?) async throws {
        let following = ArchiveFollowing(store, to: to, part: chosen.part, key: key, now: Self.now) { event in
            switch event {
            case .exported(let outcome): if outcome.reports > 0 || outcome.resumed > 0 { Self.tell(outcome) }
            case .held(let why): Out.hint("Waiting: \(why)")
            }
        }
        try await Trouble.explaining {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await following.run() }
                group.addTask { await Interruption.first() }
                try await group.next()
                group.cancelAll()
            }
        }
        Out.hint("Stopped. What was exported is whole.")
    }

    private static func tell(_ outcome: ArchiveExport.Outcome) {
        if outcome.resumed > 0 {
            Out.hint("Went on after \(outcome.resumed) reports of an export that was interrupted.")
        }
        if let trouble = outcome.unnoted {
            Out.hint("The archive is whole, but MongoDB wasn't told where it is: \(trouble)")
        }
        let rest = outcome.offloaded > 0 ? "; \(outcome.offloaded) offloaded ones stay as they are" : ""
        Out.line(
            "Exported \(outcome.reports) reports of \(outcome.bytes) bytes\(rest). "
                + "The archive holds \(outcome.foot.reports) in \(outcome.foot.files) files.")
    }
}

struct ArchiveVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check an archive: its files, their digests and each sentence.",
        discussion: """
            Needs no cluster and no database. Names each file that isn't as it was exported, and the line in it.

            For example: archive verify /archive --key archive.key
            """)

    @Argument(help: "The folder of the archive.", completion: .directory)
    var folder: String

    @OptionGroup var keys: ArchiveKeyOptions

    func run() async throws {
        let key = try keys.load()
        let outcome = try await Trouble.explaining {
            let trust = key.map(ArchiveTrust.key)
            return try await ArchiveVerification(try ArchiveFolder(folder), trust: trust).run()
        }
        for extent in outcome.head.extents {
            let until = extent.until == nil ? "" : ", with all changes up to export \(outcome.head.export) or before"
            Out.line("It holds \(extent.part.words)\(until).")
        }
        Out.line(
            "All of it is right: \(outcome.foot.reports) reports in \(outcome.foot.files) files of "
                + "\(outcome.foot.bytes) bytes.")
        guard key == nil else { return }
        Out.hint(
            outcome.isSigned
                ? "It is signed; --key FILE checks by whom." : "It isn't signed: whoever can write it can change it.")
    }
}

struct ArchiveImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Write an archive's reports into MongoDB.",
        discussion: """
            All of the archive is checked first; where anything is wrong, nothing is written. What MongoDB has already, or \
            newer, stays, so it can be run again. Nothing is sent, and no run is started.

            For example: archive import /archive --key archive.key
            """)

    @Argument(help: "The folder of the archive.", completion: .directory)
    var folder: String

    @Flag(help: "Import what isn't signed, or by whomever: whoever could write the folder is believed.")
    var trustUnsigned = false

    @OptionGroup var keys: ArchiveKeyOptions
    @OptionGroup var mongodb: ArchiveStoreOptions

    private static func now() -> Int64 { Int64((Date().timeIntervalSince1970 * 1000).rounded()) }

    func validate() throws {
        guard (keys.key != nil) != trustUnsigned else {
            throw ValidationError("give one of --key FILE and --trust-unsigned")
        }
    }

    func run() async throws {
        let trust = try keys.load().map(ArchiveTrust.key) ?? .unsigned
        let store = try await mongodb.store()
        let outcome = try await Trouble.explaining {
            // Collections with their indexes, as far as this user may make them; the operator makes the rest.
            try await store.prepare()
            var archive = ArchiveImport(
                try ArchiveFolder(folder), into: store.archive, trust: trust, now: Self.now())
            return try await archive.run()
        }
        Out.line(
            "Imported \(outcome.reports) reports: \(outcome.written) documents written, \(outcome.kept) were there.")
    }
}
