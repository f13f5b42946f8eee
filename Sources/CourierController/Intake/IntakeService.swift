import AsyncSupport
import ControllerRuntime
import DeliveryChannels
import DeliveryPlanning
import KubernetesModel
import Logging
import ReportAPI
import ServiceLifecycle

/// Runs an intake for each channel that asks for one, and another when channel or Secrets change.
struct IntakeService: Service {
    let cache: CourierCache
    let factory: SenderFactory
    let creator: IntakeCreator
    let standings: IntakeStandings
    let metrics: IntakeMetrics
    let logger: Logger
    private let news = Signal()

    init(
        cache: CourierCache, factory: SenderFactory, creator: IntakeCreator, standings: IntakeStandings,
        metrics: IntakeMetrics, logger: Logger
    ) {
        self.cache = cache
        self.factory = factory
        self.creator = creator
        self.standings = standings
        self.metrics = metrics
        self.logger = logger
    }

    private struct Running {
        let version: String
        let task: Task<Void, Never>
    }

    func run() async {
        cache.channels.addHandler { [news] _ in news.raise() }
        cache.secrets.addHandler { [news] _ in news.raise() }
        await cancelWhenGracefulShutdown { [self] in
            var running: [String: Running] = [:]
            while !Task.isCancelled {
                let wanted = wanted()
                for (name, one) in running where wanted[name].map({ factory.version(of: $0) }) != one.version {
                    one.task.cancel()
                    // Two with one name would take the connection from each other.
                    await one.task.value
                    running[name] = nil
                }
                for (name, channel) in wanted where running[name] == nil {
                    guard let intake = intake(of: channel) else { continue }
                    running[name] = Running(
                        version: factory.version(of: channel), task: Task { await intake.run() })
                }
                await news.wait()
            }
            for one in running.values { one.task.cancel() }
            for one in running.values { await one.task.value }
        }
    }

    private func wanted() -> [String: ReportChannel] {
        let channels = cache.channels.all().filter { channel in
            channel.spec.value?.mqtt?.intake != nil && !channel.metadata.isDeleting
                && ChannelCheck.obstacle(to: channel, courierNamespace: cache.namespace) == nil
        }
        return Dictionary(channels.map { ($0.metadata.name, $0) }) { first, _ in first }
    }

    /// Nil where something is missing, which the channel's condition says; it is looked at again when that comes.
    private func intake(of channel: ReportChannel) -> ChannelIntake? {
        guard let spec = channel.spec.value, let intake = spec.mqtt?.intake,
            case .success(let broker) = Result(catching: { () throws(ChannelFault) in try factory.broker(for: spec) })
        else { return nil }
        return ChannelIntake(
            name: channel.metadata.name, spec: spec, intake: intake, broker: broker, namespace: cache.namespace,
            creator: creator, standings: standings, metrics: metrics, logger: logger)
    }
}
