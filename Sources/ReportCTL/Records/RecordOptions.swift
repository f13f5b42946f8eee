import ArgumentParser
import KubernetesClient
import KubernetesModel
import Logging
import ReportClient
import ReportRecords
import ReportStores

/// Where the record is read from.
enum RecordSource: Sendable {
    /// Shows what the API server lets the caller see.
    case gateway(GatewayRecords)
    case store(ReportStore)
}

/// Where a gateway is, for those who may not read the installation's Secrets.
struct GatewayOptions: ParsableArguments {
    static let variable = "REPORT_GATEWAY"
    static let authorityVariable = "REPORT_GATEWAY_CA_FILE"

    @Option(
        help: """
            Ask the gateway at this address, such as https://reports.example.com, with the kubeconfig's token, in place of \
            MongoDB. Default: $REPORT_GATEWAY.
            """)
    var gateway: String?

    @Option(
        help:
            "Whom to trust for the gateway's certificate, in PEM. Default: $REPORT_GATEWAY_CA_FILE, then the system's.",
        completion: .file())
    var gatewayCaFile: String?

    func validate() throws { try NameArgument.checkNotEmpty(gateway, "--gateway") }

    /// Nil where no address is known.
    func records(_ session: Session) async throws -> GatewayRecords? {
        let environment = Program.environment
        guard let text = gateway ?? environment[Self.variable].flatMap({ $0.isEmpty ? nil : $0 }) else { return nil }
        let authority = gatewayCaFile ?? environment[Self.authorityVariable].flatMap { $0.isEmpty ? nil : $0 }
        var logger = Logger(label: "reportctl") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        return GatewayRecords(
            try await session.explaining { [logger] in
                try await GatewayClient(
                    try GatewayAddress(text), as: session.configuration, session.cluster.client,
                    certificateAuthority: authority, logger: logger)
            })
    }
}

/// Where the record of all reports is.
struct RecordOptions: ParsableArguments {
    @Option(
        help: """
            A file that holds MongoDB's connection string. Default: $MONGODB_URI, then the Secret of the installation.
            """, completion: .file())
    var mongodbUriFile: String?

    @OptionGroup var gateway: GatewayOptions
    @OptionGroup var installation: InstallationOptions

    func validate() throws {
        guard mongodbUriFile == nil || gateway.gateway == nil else {
            throw ValidationError("--gateway and --mongodb-uri-file exclude each other; give one")
        }
    }

    /// The gateway, where its address is known; MongoDB else.
    func source(_ session: Session, followsChanges: Bool = false) async throws -> RecordSource {
        if mongodbUriFile == nil, let records = try await gateway.records(session) { return .gateway(records) }
        return .store(try await store(session, followsChanges: followsChanges))
    }

    func store(_ session: Session, followsChanges: Bool = false) async throws -> ReportStore {
        let address = try await installation.address(
            .mongodb, file: mongodbUriFile, option: "--mongodb-uri-file", session: session)
        return try store(at: address, followsChanges: followsChanges)
    }

    /// As `store`, where the caller says where it is, so that no cluster is asked; else nil.
    func givenStore(followsChanges: Bool = false) throws -> ReportStore? {
        try installation.givenAddress(.mongodb, file: mongodbUriFile, option: "--mongodb-uri-file").map {
            try store(at: $0, followsChanges: followsChanges)
        }
    }

    private func store(at address: ServerAddress, followsChanges: Bool) throws -> ReportStore {
        var logger = Logger(label: "reportctl") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        do throws(AddressFault) {
            return try ReportStore(
                address: address.text, applicationName: "reportctl", followsChanges: followsChanges,
                logger: logger)
        } catch {
            throw Trouble("\(address.source): \(error)", code: .usage)
        }
    }

    /// A report by its id, or by the name of a request of the session's namespace.
    func record(_ report: String, _ session: Session) async throws -> ReportRecord {
        let store = try await store(session)
        return try await session.explaining {
            try await ReportLookup(store, namespace: session.namespace).record(report)
        }
    }
}

extension RecordOptions {
    /// What the ledger keeps of a report's deliveries, or why it can't be asked.
    func ledger(of report: String, _ session: Session) async -> Result<LedgerCopies, Trouble> {
        do {
            let store = try await store(session)
            return .success(
                try await session.explaining {
                    try await store.ask { store throws(StoreTrouble) in
                        try await store.deliveries.copies(ofReport: report)
                    }
                })
        } catch { return .failure(error as? Trouble ?? Trouble("\(error)")) }
    }

    /// Whether the address was given, and so MongoDB is meant to be asked.
    var isAddressGiven: Bool { installation.isAddressGiven(.mongodb, file: mongodbUriFile) }
}

/// Where the operator is installed, and with it the addresses of its servers.
struct InstallationOptions: ParsableArguments {
    @Option(help: "The namespace that the operator is installed in.")
    var operatorNamespace = "report-operator"

    func validate() throws {
        guard NameForm.isLabel(operatorNamespace) else {
            throw ValidationError("--operator-namespace: \"\(operatorNamespace)\" is not the name of a namespace")
        }
    }

    private var book: AddressBook { AddressBook(environment: Program.environment, namespace: operatorNamespace) }

    /// Whether the caller says where the server is, instead of the installation's Secret.
    func isAddressGiven(_ server: OutsideServer, file: String?) -> Bool { book.isGiven(server, file: file) }

    /// What needs no cluster; nil where one has to be asked.
    func givenAddress(_ server: OutsideServer, file: String?, option: String) throws -> ServerAddress? {
        do throws(AddressRefusal) {
            return try book.givenAddress(of: server, file: file)
        } catch {
            throw Trouble(given: error, option: option) ?? Trouble("\(error)")
        }
    }

    /// `option`: that which names the file.
    func address(
        _ server: OutsideServer, file: String?, option: String, session: Session
    ) async throws -> ServerAddress {
        do throws(AddressRefusal) {
            return try await book.address(of: server, file: file, client: session.cluster.client)
        } catch {
            throw Trouble(error, of: server, option: option, session: session)
        }
    }
}

extension Trouble {
    init(_ refusal: AddressRefusal, of server: OutsideServer, option: String, session: Session) {
        if let trouble = Trouble(given: refusal, option: option) {
            self = trouble
            return
        }
        switch refusal {
        case .unreadable(let source), .empty(let source): self.init("\(source) isn't an address", code: .usage)
        case .notShown(let source, let error):
            self.init(
                "the address of \(server.name) isn't known: \(source) "
                    + (error.isNotFound ? "isn't there" : "may not be read by you"),
                advice: (server.name == OutsideServer.mongodb.name
                    ? ["ask a gateway: --gateway URL, or export REPORT_GATEWAY=URL"] : []) + [
                        "export \(server.variable)=…, or \(option) FILE",
                        "ask the operator's administrator for an address that can be reached from here",
                    ])
        case .withoutKey(let source, let key):
            self.init("\(source) has no key \"\(key)\"", advice: ["export \(server.variable)=…"])
        case .api(let error): self.init(error, session: session)
        }
    }

    /// What is wrong with an address that the caller gives; nil of any other refusal.
    init?(given refusal: AddressRefusal, option: String) {
        switch refusal {
        case .unreadable(let file): self.init("\(option): \(file) can't be read", code: .usage)
        case .empty(let source): self.init("\(source) is empty", code: .usage)
        case .notShown, .withoutKey, .api: return nil
        }
    }
}
