import ControllerRuntime
import Logging
import Metrics
import RedisClient
import ReportStores
import ServiceLifecycle
import Synchronization

/// Takes requests in from Redis, once the caches are filled, until the process is told to stop.
struct IntakeService: Service {
    let intake: RequestIntake
    let creator: RequestCreator
    let stores: [any SyncedStore]

    init(
        redis: RedisConnection, options: IntakeOptions, creator: RequestCreator, stores: [any SyncedStore],
        registry: MetricsRegistry, logger: Logger
    ) {
        let metrics = IntakeMetrics(registry: registry, logger: logger)
        intake = RequestIntake(
            redis, consumer: options.consumer, options: options.stream, logger: logger, observe: { metrics.observe($0) }
        )
        self.creator = creator
        self.stores = stores
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
    /// The namespace of messages that name none.
    package var namespace: String
    /// Of the one cluster that this operator serves: two clusters that took from one stream would share its messages.
    package var streamName: String
    /// This operator's name in the consumer group: unique, and the same after a restart.
    package var consumer: String

    package init(namespace: String, streamName: String = "reports:requests", consumer: String) {
        self.namespace = namespace
        self.streamName = streamName
        self.consumer = consumer
    }

    var stream: RequestIntakeOptions {
        var options = RequestIntakeOptions()
        options.stream = streamName
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
        case .retried: retried.increment()
        case .failed: break
        }
    }
}
