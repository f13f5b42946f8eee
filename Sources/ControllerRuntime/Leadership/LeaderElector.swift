public import AsyncSupport
import FoundationEssentials
public import KubernetesClient
import KubernetesModel
public import Logging
public import PrometheusMetrics
public import ServiceLifecycle

/// Agrees with others, by way of a Lease, on who of them acts; as client-go's leader election does, and along with it.
///
/// In a service group it is before those that act (`LedService`): shutdown goes backwards, so it renews the lease until
/// they have ended, and gives it back then, for the next to start at once. When the lease is lost it calls `lost` and throws
/// `LeadershipLost`.
public struct LeaderElector: Service {
    public struct Options: Sendable {
        public var namespace: String
        public var name: String
        /// Of this process alone: a restart in the same pod is somebody else.
        public var identity: String
        public var timing: LeaderElectionTiming

        public init(
            namespace: String, name: String, identity: String, timing: LeaderElectionTiming = LeaderElectionTiming()
        ) {
            self.namespace = namespace
            self.name = name
            self.identity = identity
            self.timing = timing
        }
    }

    let client: KubernetesClient
    let options: Options
    let leadership: Leadership
    let clock: RuntimeClock
    let metric: Gauge
    let logger: Logger
    let lost: @Sendable () -> Void

    /// `client` must be one that may write at any time; `lost` is to stop at once whatever acts.
    public init(
        client: KubernetesClient, options: Options, leadership: Leadership, metrics: MetricsRegistry, logger: Logger,
        clock: RuntimeClock = .continuous, lost: @escaping @Sendable () -> Void
    ) {
        self.client = client
        self.options = options
        self.leadership = leadership
        self.clock = clock
        metric = metrics.gauge(
            "leader_election_master_status", help: "1 while this process holds the lease and acts.",
            labels: [("name", options.name)])
        var logger = logger
        logger[metadataKey: "lease"] = "\(options.namespace)/\(options.name)"
        self.logger = logger
        self.lost = lost
    }

    public func run() async throws {
        let campaign = LeaderCampaign(elector: self)
        do {
            try await cancelWhenGracefulShutdown { try await campaign.run() }
        } catch let loss as LeadershipLost {
            leadership.lose()
            metric.set(0)
            logger.critical("Lost leadership", metadata: ["why": "\(loss.why)"])
            lost()
            throw loss
        } catch {
            // The process ends.
        }
        await campaign.release()
    }
}

/// Another process may act now.
public struct LeadershipLost: Error, CustomStringConvertible {
    public let why: String

    public var description: String { "leadership is lost: \(why)" }
}
