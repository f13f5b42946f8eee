import ArchiveFiles
import ArgumentParser
import Digests
import FoundationEssentials
import KubernetesModel
import Logging
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

/// Where an archive is.
struct ArchivePlaceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Where the buckets of s3:// are, such as https://minio.example.com. Default: $AWS_ENDPOINT_URL_S3, \
            $AWS_ENDPOINT_URL, then Amazon's.
            """, valueName: "url"))
    var s3Endpoint: String?

    func open(
        _ text: String, isToBeMade: Bool = false, recipients: [AgeRecipient] = [], identities: [AgeIdentity] = []
    ) throws -> ArchiveFolder {
        var logger = Logger(label: "reportctl") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        return try ArchiveFolder.named(
            text, isToBeMade: isToBeMade, recipients: recipients, identities: identities, endpoint: s3Endpoint,
            environment: Program.environment, logger: logger)
    }
}

/// The recipients an archive is encrypted to.
struct ArchiveRecipientOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Encrypt each report to this public key of age (age1…), or to those in this file. Can be given several times.",
            valueName: "key"),
        completion: .file())
    var encryptTo: [String] = []

    func load() throws -> [AgeRecipient] {
        try encryptTo.flatMap { text -> [AgeRecipient] in
            if let recipient = AgeRecipient(text) { return [recipient] }
            guard !text.hasPrefix("age1"), let data = FileManager.default.contents(atPath: text) else {
                throw Trouble(
                    "--encrypt-to: \(text) is neither a public key of age nor a file of them",
                    advice: ["make a pair: age-keygen -o archive-identity.txt; it prints the public key"], code: .usage)
            }
            let lines = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
                .filter { !$0.hasPrefix("#") }
            let recipients = lines.compactMap { AgeRecipient(String($0)) }
            guard recipients.count == lines.count, !recipients.isEmpty else {
                throw Trouble("--encrypt-to: \(text) has something else than public keys of age", code: .usage)
            }
            return recipients
        }
    }
}

/// What opens an archive that is encrypted.
struct ArchiveIdentityOptions: ParsableArguments {
    @Option(
        help: "A file with the secret key of an archive that is encrypted, as age-keygen writes it.",
        completion: .file())
    var identity: String?

    func load() throws -> [AgeIdentity] {
        guard let identity else { return [] }
        guard let data = FileManager.default.contents(atPath: identity) else {
            throw Trouble("--identity: \(identity) can't be read", code: .usage)
        }
        guard let all = AgeIdentity.all(in: String(decoding: data, as: UTF8.self)) else {
            throw Trouble("--identity: \(identity) has no secret key of age (AGE-SECRET-KEY-1…)", code: .usage)
        }
        return all
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
            by SIGTERM or Ctrl-C, and exports what changes within seconds. With --encrypt-to each report can be read by \
            whoever has the secret key alone, which an export doesn't need; the manifest, with the reports' ids, stays \
            readable.

            For example: archive export --to /archive --since last --namespace finance
            """)

    enum Since: String, ExpressibleByArgument, CaseIterable { case last }

    @Option(
        help: "The folder of the archive, or s3://BUCKET/PREFIX. A folder is made if it isn't there.",
        completion: .directory)
    var to: String

    @Option(help: "last: only what has changed since the last export of the same reports.")
    var since: Since?

    @Flag(help: "Go on, and export what changes within seconds. MongoDB has to be a replica set.")
    var follow = false

    @OptionGroup var chosen: ArchivePartOptions
    @OptionGroup var place: ArchivePlaceOptions
    @OptionGroup var keys: ArchiveKeyOptions
    @OptionGroup var recipients: ArchiveRecipientOptions
    @OptionGroup var mongodb: ArchiveStoreOptions

    private static func now() -> Int64 { Int64((Date().timeIntervalSince1970 * 1000).rounded()) }

    func run() async throws {
        let key = try keys.load()
        let recipients = try recipients.load()
        let store = try await mongodb.store()
        let open: @Sendable () throws -> ArchiveFolder = { [to, place] in
            try place.open(to, isToBeMade: true, recipients: recipients)
        }
        guard !follow else { return try await followChanges(store.archive, open, key) }
        let now = Self.now()
        let outcome = try await Trouble.explaining {
            var export = ArchiveExport(store.archive, to: try open(), part: chosen.part, key: key, now: now)
            return try await export.run(sinceLast: since != nil)
        }
        if since != nil, outcome.isWhole {
            Out.hint("All of them were read: there is no export before that MongoDB still knows all changes since.")
        }
        Self.tell(outcome)
    }

    /// Until it is told to stop; what was exported by then is whole.
    private func followChanges(
        _ store: ArchiveStore, _ open: @escaping @Sendable () throws -> ArchiveFolder, _ key: ArchiveKey?
    ) async throws {
        let following = ArchiveFollowing(store, to: open, part: chosen.part, key: key, now: Self.now) { event in
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
            Needs no cluster and no database. Of an archive that is encrypted only the bytes are checked where --identity isn't \
            given. Names each file that isn't as it was exported, and the line in it.

            For example: archive verify /archive --key archive.key
            """)

    @Argument(help: "The folder of the archive, or s3://BUCKET/PREFIX.", completion: .directory)
    var folder: String

    @OptionGroup var place: ArchivePlaceOptions
    @OptionGroup var keys: ArchiveKeyOptions
    @OptionGroup var identities: ArchiveIdentityOptions

    func run() async throws {
        let key = try keys.load()
        let identities = try identities.load()
        let outcome = try await Trouble.explaining {
            let folder = try place.open(folder, identities: identities)
            return try await ArchiveVerification(folder, trust: key.map(ArchiveTrust.key), opensAll: false).run()
        }
        for extent in outcome.head.extents {
            let until = extent.until == nil ? "" : ", with all changes up to export \(outcome.head.export) or before"
            Out.line("It holds \(extent.part.words)\(until).")
        }
        Out.line(
            "All of it is right: \(outcome.foot.reports) reports in \(outcome.foot.files) files of "
                + "\(outcome.foot.bytes) bytes.")
        if outcome.unopened > 0 {
            Out.hint(
                "\(outcome.unopened) reports are encrypted: their bytes are as they were exported; --identity FILE also reads "
                    + "each sentence.")
        }
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

    @Argument(help: "The folder of the archive, or s3://BUCKET/PREFIX.", completion: .directory)
    var folder: String

    @Flag(help: "Import what isn't signed, or by whomever: whoever could write the folder is believed.")
    var trustUnsigned = false

    @OptionGroup var place: ArchivePlaceOptions
    @OptionGroup var keys: ArchiveKeyOptions
    @OptionGroup var identities: ArchiveIdentityOptions
    @OptionGroup var mongodb: ArchiveStoreOptions

    private static func now() -> Int64 { Int64((Date().timeIntervalSince1970 * 1000).rounded()) }

    func validate() throws {
        guard (keys.key != nil) != trustUnsigned else {
            throw ValidationError("give one of --key FILE and --trust-unsigned")
        }
    }

    func run() async throws {
        let trust = try keys.load().map(ArchiveTrust.key) ?? .unsigned
        let identities = try identities.load()
        let store = try await mongodb.store()
        let outcome = try await Trouble.explaining {
            // Collections with their indexes, as far as this user may make them; the operator makes the rest.
            try await store.prepare()
            var archive = ArchiveImport(
                try place.open(folder, identities: identities), into: store.archive, trust: trust, now: Self.now())
            return try await archive.run()
        }
        Out.line(
            "Imported \(outcome.reports) reports: \(outcome.written) documents written, \(outcome.kept) were there.")
    }
}
