import ArgumentParser
import ControllerRuntime
import CourierController
import DaemonSupport
import DeliveryPlanning
import Digests
import FoundationEssentials
import Glibc
import KubernetesClient
import Logging
import PrometheusMetrics
import ReportAPI
import ReportStores
import ServiceLifecycle

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Makes files and sends deliveries until it is stopped.",
        discussion: """
            SIGTERM and SIGINT end it: it begins nothing more, finishes what it has in hand, and exits with 0. What is not \
            sent yet is sent by the next.
            """)

    @OptionGroup var cluster: ClusterOptions

    @Option(name: .shortAndLong, help: "The one namespace whose reports are sent. Default: all namespaces.")
    var namespace: String?

    @Option(help: "The namespace of the channels and their Secrets. Default: the pod's own, or the kubeconfig's.")
    var courierNamespace: String?

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var mongodb: MongoOptions
    @OptionGroup var microsoft: MicrosoftOptions

    @Option(help: "A folder with room for rows and files while they are made.")
    var workFolder = "/tmp"

    @Option(
        help: """
            Bytes of files that are kept in the work folder while they are sent, such as 512Mi; at least 1Mi. What is being made \
            needs room besides.
            """)
    var workLimit = "2Gi"

    @Option(
        help: """
            The archive from which reports come back that were offloaded, when somebody asks for one: a folder, or \
            s3://BUCKET/PREFIX with credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Without it who asks is told \
            where they are.
            """)
    var archive: String?

    @Option(help: "A file with the secret key of that archive, where it is encrypted, as age-keygen writes it.")
    var archiveIdentity: String?

    @Option(help: "MiB of memory that the making of one file may take, 32 to 8192.")
    var renderMemory = 256

    @Option(
        help: "Seconds of processor time that the making of one file may take, 1 to 36000; twice as long by the clock.")
    var renderSeconds = 300

    @Option(
        help: """
            Seconds that sending one copy may take, 5 to 420. After a crash in the middle of it nobody touches the copy before \
            1.4 times as long is over.
            """)
    var sendTimeout = 300

    func validate() throws {
        guard (5...420).contains(sendTimeout) else {
            throw ValidationError("--send-timeout: \(sendTimeout) is out of bounds; allowed are 5 to 420")
        }
        try ClusterOptions.check(namespace, option: "--namespace")
        try ClusterOptions.check(courierNamespace, option: "--courier-namespace")
        guard (32...8192).contains(renderMemory) else {
            throw ValidationError("--render-memory: \(renderMemory) is out of bounds; allowed are 32 to 8192")
        }
        guard (1...36000).contains(renderSeconds) else {
            throw ValidationError("--render-seconds: \(renderSeconds) is out of bounds; allowed are 1 to 36000")
        }
        guard let limit = ByteSize.bytes(workLimit), limit >= 1 << 20 else {
            throw ValidationError(
                "--work-limit: \(workLimit) is not a number of bytes such as 512Mi; at least 1Mi is needed")
        }
        guard FileManager.default.isWritableFile(atPath: workFolder) else {
            throw ValidationError("--work-folder: \(workFolder) is not a folder that can be written to")
        }
        guard archiveIdentity == nil || archive != nil else {
            throw ValidationError("--archive-identity is for --archive; give both")
        }
    }

    /// What brings reports back; nil without an archive.
    private func retrieval(_ store: ReportStore, _ logger: Logger) throws -> ArchiveRetrieval? {
        guard let archive else { return nil }
        let identities = try archiveIdentities()
        do {
            return try ArchiveRetrieval(
                path: archive, identities: identities, environment: ProcessInfo.processInfo.environment,
                workFolder: workFolder, store: store, logger: logger)
        } catch { throw ValidationError("--archive: \(error)") }
    }

    private func archiveIdentities() throws -> [AgeIdentity] {
        guard let archiveIdentity else { return [] }
        let text = FileManager.default.contents(atPath: archiveIdentity).map { String(decoding: $0, as: UTF8.self) }
        guard let identities = text.flatMap(AgeIdentity.all) else {
            throw ValidationError("--archive-identity: \(archiveIdentity) has no secret key of age (AGE-SECRET-KEY-1…)")
        }
        return identities
    }

    func run() async throws {
        LogOutput.bootstrap(format: daemon.logFormat, level: daemon.logLevel.level)
        let logger = Logger(label: "report-courier")
        let secretFiles = SecretFilesWatch([mongodb.mongodbUriFile].compactMap(\.self), logger: logger)
        guard let address = try mongodb.address(logger: logger) else {
            throw ValidationError("--mongodb-uri or --mongodb-uri-file is required: reports are read from MongoDB")
        }
        let store: ReportStore
        do throws(AddressFault) {
            store = try ReportStore(
                address: address, applicationName: "report-courier", threadLimit: 8, followsChanges: true,
                logger: logger)
        } catch {
            throw ValidationError("--mongodb-uri: \(error)")
        }
        var limits = RenderLimits()
        limits.memory = renderMemory << 20
        limits.processorSeconds = renderSeconds
        limits.duration = .seconds(2 * renderSeconds)
        let renderer = RenderProcess(
            command: ["/proc/self/exe", "render"], limits: limits,
            folder: WorkFolders(workFolder).making)
        let maker = FileMaker(
            store: store, renderer: renderer, archive: try retrieval(store, logger), logger: logger)
        let configuration = try cluster.configuration(namespace: courierNamespace)
        let registry = MetricsRegistry()
        ProcessMetrics.register(in: registry)
        cluster.name.register(in: registry, program: "report_courier")
        let answers = ServerAnswers(
            RequestMetrics(registry: registry, host: configuration.server), registry: registry, logger: logger)
        let client = KubernetesClient(
            configuration: configuration, userAgent: "report-courier/\(Version.current)", logger: logger,
            observer: answers)
        let election = cluster.election("report-courier", configuration)
        let leadership = election == nil ? Leadership.withoutElection() : Leadership()
        let controller = CourierController(
            client: client,
            options: .init(
                namespace: configuration.namespace, reports: namespace, workFolder: workFolder,
                workLimit: Int(ByteSize.bytes(workLimit) ?? 2 << 30), identity: ClusterOptions.identity,
                isInPod: configuration.isInPod, sendTimeout: .seconds(sendTimeout), cloud: microsoft.cloud,
                clusterName: cluster.name.told),
            store: store, maker: maker, leadership: leadership, metrics: registry, logger: logger)
        logger.info(
            "Starting",
            metadata: [
                "version": "\(Version.current)", "server": "\(configuration.server)",
                "namespace": "\(namespace ?? "all")", "channels": "\(configuration.namespace)",
                "mongodb": "\(store.sanitizedAddress)", "cluster": "\(cluster.name.clusterName)",
                "archive": "\(archive ?? "none")",
            ])
        let elector = election.map { election in
            LeaderElector(
                client: client, options: election, leadership: leadership, metrics: registry, logger: logger,
                // Nothing is put in order: another process may act already.
                lost: { _exit(EXIT_FAILURE) })
        }
        // In this order, since shutdown goes backwards: the lease is given back when nobody acts any more.
        let services: [any Service] =
            daemon.statusServer(of: controller.cache.stores, answers, registry, logger) + [answers, QuietMemory()]
            + [StoreSignIn(store: store, registry: registry, program: "report_courier", logger: logger)]
            + [elector].compactMap(\.self) + controller.services
        try await Daemon.run(services, endingWith: secretFiles, logger: logger)
    }
}
