import ControllerRuntime
import FoundationEssentials
import KubernetesModel
import Logging
import Metrics
import ReportAPI
import ReportRecords
import ReportStores
import ServiceLifecycle

/// Tells everybody outside, by way of Redis, what phases requests come to. Nothing waits for it.
///
/// What a request's status tells is given to Redis as a whole whenever it changes, and after a start for all requests:
/// Redis remembers how far each was published.
final class EventProjector: Service {
    private static let batch = 64
    private static let drainTimeout: Duration = .seconds(5)
    /// Redis remembers for 30 days what it was given; what happened before that is not told anew.
    private static let memory: Int64 = 29 * 24 * 3600

    /// What waits to be told.
    let outbox = Outbox()
    private let publisher: EventPublisher
    private let health: StoreHealth
    private let metrics: StoreMetrics
    private let now: @Sendable () -> Date
    private let logger: Logger

    init(
        publisher: EventPublisher, registry: MetricsRegistry, logger: Logger, now: @escaping @Sendable () -> Date
    ) {
        self.publisher = publisher
        metrics = StoreMetrics(registry: registry, store: "redis", pending: { [outbox] in outbox.count })
        health = StoreHealth(name: "Redis", metrics: metrics, logger: logger)
        self.now = now
        self.logger = logger
    }

    /// Listens to the requests.
    func connect(to requests: Store<ReportRequest>) {
        requests.addHandler { [self] change in
            // What became of the report that a restored copy is of was told under the old uid.
            guard !change.object.isRestored else { return }
            switch change {
            case .added(let request):
                if isRecent(request) { outbox.put(request.withoutPipeline) }
            case .updated(let old, let new):
                let isNews =
                    old.status?.transitions != new.status?.transitions || old.status?.attempt != new.status?.attempt
                if isNews { outbox.put(new.withoutPipeline) }
            // Its last state waits already, if it was not told yet.
            case .deleted:
                break
            }
        }
    }

    private func isRecent(_ request: ReportRequest) -> Bool {
        guard request.status?.isTerminal == true, let end = request.status?.completedAt else { return true }
        return end.seconds + Self.memory > Timestamp(now()).seconds
    }

    func run() async {
        await cancelWhenGracefulShutdown { [self] in
            while true {
                let batch = await outbox.take(upTo: Self.batch)
                guard !batch.isEmpty else { return }
                guard let error = await publish(batch) else { continue }
                outbox.putBack(batch)
                guard !error.isCancelled else { return }
                try? await Task.sleep(for: health.failed(error.kind, error.description).pause)
            }
        }
        // What this leaves is told by the next start.
        await outbox.drain(by: Self.batch, within: Self.drainTimeout) { [self] in await publish($0) == nil }
    }

    private func publish(_ batch: [ReportRequest]) async -> RedisTrouble? {
        let oldest = Date(timeIntervalSince1970: Double(Timestamp(now()).seconds - Self.memory))
        let events = batch.flatMap { OutboundEvent.all(of: $0, since: oldest) }
        if !events.isEmpty {
            do throws(RedisTrouble) {
                try await publisher.publish(events)
            } catch {
                return error
            }
            _ = health.succeeded()
            metrics.written.increment(by: batch.count)
        }
        for request in batch { outbox.settle(request.metadata.uid) }
        return nil
    }
}
