import ArgumentParser
import ControllerRuntime
import DaemonSupport
import FoundationEssentials
import Glibc
import KubernetesClient
import Logging
import PrometheusMetrics
import ReportAPI
import ReportController
import ServiceLifecycle

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Watches the cluster and runs reports until it is stopped.",
        discussion: """
            SIGTERM and SIGINT end it: it takes no more work, finishes what it has in hand, and exits with 0. Runs go \
            on in the cluster; the next start picks them up where they are.
            """)

    @OptionGroup var options: RunOptions

    func run() async throws {
        LogOutput.bootstrap(format: options.daemon.logFormat, level: options.daemon.logLevel.level)
        let logger = Logger(label: "report-operator")
        let configuration = try options.cluster.configuration(namespace: options.namespace)
        let secretFiles = SecretFilesWatch(
            [options.mongodb.mongodbUriFile, options.redisUrlFile].compactMap(\.self), logger: logger)
        let stores = try options.stores(logger: logger)
        let registry = MetricsRegistry()
        ProcessMetrics.register(in: registry)
        options.cluster.name.register(in: registry, program: "report_operator")
        let answers = ServerAnswers(
            RequestMetrics(registry: registry, host: configuration.server), registry: registry, logger: logger)
        let client = KubernetesClient(
            configuration: configuration, userAgent: "report-operator/\(Version.current)", logger: logger,
            observer: answers)
        let leadership = options.cluster.election("report-operator", configuration).map {
            (election: $0, holder: Leadership())
        }
        let controller = ReportController(
            client: client,
            options: try options.controllerOptions(configuration),
            stores: stores,
            leadership: leadership?.holder,
            metrics: registry,
            logger: logger)
        logger.info(
            "Starting",
            metadata: [
                "version": "\(Version.current)", "server": "\(configuration.server)",
                "namespace": "\(options.namespace ?? "all")", "cluster": "\(options.cluster.name.clusterName)",
            ])
        let elector = leadership.map { election, holder in
            LeaderElector(
                client: client, options: election, leadership: holder, metrics: registry, logger: logger,
                // Nothing is put in order: another process may act already.
                lost: { _exit(EXIT_FAILURE) })
        }
        // In this order, since shutdown goes backwards: the lease is given back when nobody acts any more.
        let services: [any Service] =
            options.daemon.statusServer(of: controller.cache.stores, answers, registry, logger) + [answers]
            + [elector].compactMap(\.self) + controller.services
        try await Daemon.run(services, endingWith: configuration.isInPod ? secretFiles : nil, logger: logger)
    }
}
