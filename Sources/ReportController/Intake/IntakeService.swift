import ControllerRuntime
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportStores
import ServiceLifecycle
import Synchronization

/// Takes requests in from Redis, once the caches are filled, until the process is told to stop.
struct IntakeService: Service {
    private let intake: RequestIntake
    private let creator: RequestCreator
    private let stores: [any SyncedStore]

    init(
        redis: RedisServer, options: IntakeOptions, creator: RequestCreator, stores: [any SyncedStore],
        registry: MetricsRegistry, logger: Logger
    ) {
        let metrics = IntakeMetrics(registry: registry, logger: logger)
        let intake = RequestIntake(
            redis, consumer: options.consumer, options: options.stream, logger: logger, observe: { metrics.observe($0) }
        )
        registry.gauge(
            "report_operator_intake_waiting", help: "Messages from Redis that were read and wait for a try."
        ) { Double(intake.waitingCount) }
        self.intake = intake
        self.creator = creator
        self.stores = stores
    }

    /// Listens to the requests: who waits for one to go hears of its end.
    func connect(to requests: Store<ReportRequest>) {
        requests.addHandler { [intake] change in
            if case .deleted(let last) = change { intake.hurry(last.metadata.namespace) }
        }
    }

    func run() async {
        await cancelWhenGracefulShutdown { [self] in
            for store in stores {
                guard (try? await store.waitUntilSynced()) != nil else { return }
            }
            await intake.run(creator.create)
        }
    }
}

/// How requests from Redis are taken in.
package struct IntakeOptions: Sendable {
    /// The namespace of messages that name none. Others are reached only where they carry a label.
    package var namespace: String
    /// Of the one cluster that this operator serves: two clusters that took from one stream would share its messages.
    package var streamName: String
    /// This operator's name in the consumer group: unique, and the same after a restart.
    package var consumer: String
    /// Whether a message may bring a pipeline of its own, and so run anything.
    package var allowsInlinePipelines: Bool
    /// Whether a message may set a report's recipients, and the texts sent with it.
    package var allowsRecipients: Bool
    /// How long a namespace may refuse a message before it is rejected.
    package var patience: Duration

    package init(
        namespace: String, streamName: String = "reports:requests", consumer: String,
        allowsInlinePipelines: Bool = false, allowsRecipients: Bool = false, patience: Duration = .seconds(900)
    ) {
        self.namespace = namespace
        self.streamName = streamName
        self.consumer = consumer
        self.allowsInlinePipelines = allowsInlinePipelines
        self.allowsRecipients = allowsRecipients
        self.patience = patience
    }

    var stream: RequestIntakeOptions {
        var options = RequestIntakeOptions()
        options.stream = streamName
        options.namespace = namespace
        options.patience = patience
        return options
    }
}

/// What became of messages.
private final class IntakeMetrics: Sendable {
    private let accepted: Counter
    private let rejected: Counter
    private let retried: Counter
    private let redelivered: Counter
    private let failures: Counter

    /// Whether the last read failed: said once.
    private let isDown: Atomic<Bool>
    private let logger: Logger

    init(registry: MetricsRegistry, logger: Logger) {
        isDown = Atomic(false)
        self.logger = logger
        func messages(_ outcome: String) -> Counter {
            registry.counter(
                "report_operator_intake_messages_total", help: "Messages from Redis, by what became of them.",
                labels: [("outcome", outcome)])
        }
        accepted = messages("accepted")
        rejected = messages("rejected")
        retried = messages("retried")
        redelivered = messages("redelivered")
        failures = registry.counter(
            "report_operator_intake_failures_total", help: "Reads and acknowledgements that failed and are tried again."
        )
    }

    func observe(_ event: IntakeEvent) {
        if case .failed(let message) = event {
            failures.increment()
            guard !isDown.exchange(true, ordering: .relaxed) else { return }
            logger.warning("Requests can't be taken from Redis; it is tried again", metadata: ["error": "\(message)"])
            return
        }
        if isDown.exchange(false, ordering: .relaxed) { logger.notice("Requests are taken from Redis again") }
        switch event {
        case .delivered(let isRedelivery): if isRedelivery { redelivered.increment() }
        case .accepted: accepted.increment()
        case .rejected: rejected.increment()
        case .postponed: retried.increment()
        case .failed: break
        }
    }
}
