import ArgumentParser
import ControllerRuntime
import DaemonSupport
import FoundationEssentials
import GatewayServer
import KubernetesClient
import Logging
import PrometheusMetrics
import ReportAPI
import ReportStores
import ServiceLifecycle

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Answers until it is stopped.",
        discussion: """
            SIGTERM and SIGINT end it: it takes no more requests, finishes those it has, ends the event streams, whose \
            readers go on at another replica, and exits with 0.
            """)

    @OptionGroup var cluster: KubeconfigOptions
    @OptionGroup var clusterName: ClusterNameOption

    @Option(name: .shortAndLong, help: "The one namespace whose reports are shown. Default: all namespaces.")
    var namespace: String?

    @Option(help: "The namespace of the courier and its channels. Default: the pod's own, or the kubeconfig's.")
    var courierNamespace: String?

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var mongodb: MongoOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var identity: IdentityOptions

    func validate() throws {
        try ClusterOptions.check(namespace, option: "--namespace")
        try ClusterOptions.check(courierNamespace, option: "--courier-namespace")
    }

    func run() async throws {
        LogOutput.bootstrap(format: daemon.logFormat, level: daemon.logLevel.level)
        let logger = Logger(label: "report-gateway")
        let secretFiles = SecretFilesWatch(
            [mongodb.mongodbUriFile].compactMap(\.self) + identity.files, logger: logger)
        let store = try store(logger)
        let configuration = try cluster.configuration(namespace: courierNamespace)
        let registry = MetricsRegistry()
        ProcessMetrics.register(in: registry)
        clusterName.register(in: registry, program: "report_gateway")
        let answers = ServerAnswers(
            RequestMetrics(registry: registry, host: configuration.server), registry: registry, logger: logger)
        let userAgent = "report-gateway/\(Version.current)"
        let client = KubernetesClient(
            configuration: configuration, userAgent: userAgent, logger: logger, observer: answers)
        // People's credentials use connections that carry none of the gateway's.
        let anonymous = KubernetesClient(
            configuration: configuration.withoutCredentials, userAgent: userAgent, logger: logger, observer: answers)
        var options = try server.options()
        options.namespace = namespace
        options.courierNamespace = configuration.namespace
        options.clusterName = clusterName.told
        let gateway: GatewayServer
        do {
            gateway = try await GatewayServer(
                client: client, anonymous: anonymous, identity: try identity.sources(options, logger: logger),
                options: options, store: store, metrics: registry, logger: logger)
        } catch let error as ValidationError {
            throw error
        } catch {
            throw ValidationError("\(error)")
        }
        logger.info(
            "Starting",
            metadata: [
                "version": "\(Version.current)", "server": "\(configuration.server)",
                "namespace": "\(namespace ?? "all")", "channels": "\(configuration.namespace)",
                "address": "\(options.host):\(options.port)\(options.basePath)",
                "mongodb": "\(store?.sanitizedAddress ?? "none")", "cluster": "\(clusterName.clusterName)",
            ])
        let signIn = store.map {
            StoreSignIn(store: $0, registry: registry, program: "report_gateway", logger: logger)
        }
        let services: [any Service] =
            daemon.statusServer(of: gateway.stores, answers, registry, logger) + [answers, QuietMemory()]
            + [signIn].compactMap(\.self) + gateway.services
        try await Daemon.run(services, endingWith: secretFiles, logger: logger)
    }

    private func store(_ logger: Logger) throws -> ReportStore? {
        guard let address = try mongodb.address(logger: logger) else { return nil }
        do throws(AddressFault) {
            return try ReportStore(
                address: address, applicationName: "report-gateway", threadLimit: 16, followsChanges: true,
                logger: logger)
        } catch {
            throw ValidationError("--mongodb-uri: \(error)")
        }
    }
}
