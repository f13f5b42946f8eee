import ArgumentParser
import CourierController
import DaemonSupport
import FoundationEssentials
import Logging
import Metrics
import ReportAPI
import ReportStores
import ServiceLifecycle
import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Makes the files that are wanted until it is stopped.",
        discussion: "SIGTERM and SIGINT end it, with exit code 0.")

    @OptionGroup var daemon: DaemonOptions
    @OptionGroup var mongodb: MongoOptions

    @Option(help: "A folder with room for rows and files while they are made.")
    var workFolder = "/tmp"

    @Option(help: "MiB of memory that the making of one file may take, 32 to 8192.")
    var renderMemory = 256

    @Option(
        help: "Seconds of processor time that the making of one file may take, 1 to 36000; twice as long by the clock.")
    var renderSeconds = 300

    func validate() throws {
        guard (32...8192).contains(renderMemory) else {
            throw ValidationError("--render-memory: \(renderMemory) is out of bounds; allowed are 32 to 8192")
        }
        guard (1...36000).contains(renderSeconds) else {
            throw ValidationError("--render-seconds: \(renderSeconds) is out of bounds; allowed are 1 to 36000")
        }
        guard FileManager.default.isWritableFile(atPath: workFolder) else {
            throw ValidationError("--work-folder: \(workFolder) is no folder that can be written to")
        }
    }

    func run() async throws {
        LogOutput.bootstrap(format: daemon.logFormat, level: daemon.logLevel.level)
        let logger = Logger(label: "report-courier")
        let secretFiles = SecretFilesWatch([mongodb.mongodbUriFile].compactMap(\.self), logger: logger)
        guard let address = try mongodb.address(logger: logger) else {
            throw ValidationError("--mongodb-uri or --mongodb-uri-file is required: what is rendered stands there")
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
        let renderer = RenderProcess(command: ["/proc/self/exe", "render"], limits: limits, folder: workFolder)
        let maker = FileMaker(store: store, renderer: renderer, logger: logger)
        let registry = MetricsRegistry()
        ProcessMetrics.register(in: registry)
        logger.info(
            "Starting", metadata: ["version": "\(Version.current)", "mongodb": "\(store.sanitizedAddress)"])
        var services: [ServiceGroupConfiguration.ServiceConfiguration] = []
        if case .listen(let host, let port) = daemon.statusAddress {
            let status = StatusServer(host: host, port: port, registry: registry, missing: { [] }, logger: logger)
            services.append(.init(service: status))
        }
        services.append(.init(service: WantedFileService(wanted: store.wanted, maker: maker, logger: logger)))
        services.append(.init(service: secretFiles, successTerminationBehavior: .gracefullyShutdownGroup))
        var groupLogger = logger
        groupLogger.logLevel = max(logger.logLevel, .notice)
        let group = ServiceGroup(
            configuration: .init(
                services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: groupLogger))
        do {
            try await group.run()
        } catch let error as StatusServer.AddressUnusable {
            throw ValidationError("\(error)")
        }
        logger.info("Stopped")
    }
}
