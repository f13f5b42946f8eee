import ArgumentParser
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportClient

/// Which cluster, and where in it: read as kubectl reads it.
struct ClusterOptions: ParsableArguments {
    @Option(
        help: "The kubeconfig file. Default: $KUBECONFIG, then the pod's service account, then ~/.kube/config.",
        completion: .file())
    var kubeconfig: String?

    @Option(help: "The kubeconfig's context. Default: its current one.", completion: Completion.contexts)
    var context: String?

    @Option(name: .shortAndLong, help: "The namespace. Default: the context's.", completion: Completion.namespaces)
    var namespace: String?

    /// Reads the configuration; nothing is connected yet.
    func session() throws -> Session {
        if let namespace, !NameForm.isLabel(namespace) {
            throw ValidationError("--namespace: \"\(namespace)\" is not the name of a namespace")
        }
        let configuration: ClientConfiguration
        do {
            configuration = try ClientConfiguration.load(
                kubeconfig: kubeconfig, context: context, namespace: namespace, environment: Program.environment)
        } catch {
            throw Trouble(
                "\(error)",
                advice: ["name one: --kubeconfig FILE, or export KUBECONFIG=FILE", "then try: kubectl config view"],
                code: .usage)
        }
        var logger = Logger(label: "reportctl") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        let client = KubernetesClient(
            configuration: configuration, userAgent: "reportctl/\(Version.current)", logger: logger)
        return Session(
            cluster: ReportCluster(client: client, namespace: configuration.namespace), configuration: configuration,
            place: Self.words([("-n", namespace)]) + clusterPlace,
            clusterPlace: clusterPlace)
    }

    private var clusterPlace: [String] { Self.words([("--context", context), ("--kubeconfig", kubeconfig)]) }

    private static func words(_ options: [(String, String?)]) -> [String] {
        options.flatMap { option, value in value.map { [option, $0] } ?? [] }
    }
}

/// A namespace, or all of them.
struct ScopeOptions: ParsableArguments {
    @OptionGroup var cluster: ClusterOptions

    @Flag(name: [.customShort("A"), .long], help: "In all namespaces.")
    var allNamespaces = false

    func validate() throws {
        if allNamespaces, cluster.namespace != nil {
            throw ValidationError("--namespace and --all-namespaces exclude each other; give one")
        }
    }

    /// For commands that take a name, too: it is one in a namespace.
    func refuse(beside name: String?) throws(ValidationError) {
        if name != nil, allNamespaces {
            throw ValidationError("a name and --all-namespaces exclude each other; give one")
        }
    }

    /// Nil for all namespaces.
    func namespace(of session: Session) -> String? { allNamespaces ? nil : session.namespace }

    /// What to type to look there too.
    func command(_ words: String..., session: Session) -> String {
        let text = words.joined(separator: " ")
        return allNamespaces ? session.commandEverywhere(text) : session.command(text)
    }
}

/// How what is found is written.
struct OutputOptions: ParsableArguments {
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case json, yaml, wide, name
    }

    @Option(
        name: .shortAndLong,
        help: "Output format: json, yaml, wide (more columns) or name. Default: a table for people.")
    var output: Format?
}

/// Where the courier is installed, and with it the channels.
struct CourierOptions: ParsableArguments {
    static let defaultNamespace = "report-operator"

    @Option(
        help: "The namespace that the courier is installed in, with its channels.", completion: Completion.namespaces)
    var courierNamespace = CourierOptions.defaultNamespace

    func validate() throws {
        guard NameForm.isLabel(courierNamespace) else {
            throw ValidationError("--courier-namespace: \"\(courierNamespace)\" is not the name of a namespace")
        }
    }
}
