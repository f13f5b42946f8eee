import AsyncSupport
import ControllerRuntime
import FoundationEssentials
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportRecords
import ReportStores

/// Tells everybody outside, by way of Redis, what phases requests come to. Nothing waits for it.
///
/// What a request's status tells is given to Redis as a whole whenever it changes, and after a start for all requests:
/// Redis remembers how far each was published.
final class EventProjector: Projector {
    /// Redis remembers for 30 days what it was given; what happened before that is not told again.
    private static let memory: Int64 = 29 * 24 * 3600

    let outbox = Outbox()
    let batchSize = 64
    /// What this leaves is told by the next start.
    let drainTimeout: Duration? = .seconds(5)
    private let publisher: EventPublisher
    private let origins: RecordOrigins
    /// Nil where there is no MongoDB.
    private let asOf: HurriedAsOf?
    private let health: StoreHealth
    private let metrics: StoreMetrics
    private let now: @Sendable () -> Date
    private let logger: Logger

    init(
        publisher: EventPublisher, origins: RecordOrigins, asOf: HurriedAsOf? = nil, registry: MetricsRegistry,
        logger: Logger, now: @escaping @Sendable () -> Date
    ) {
        self.publisher = publisher
        self.origins = origins
        self.asOf = asOf
        metrics = StoreMetrics(registry: registry, store: "redis", pending: { [outbox] in outbox.count })
        health = StoreHealth(name: "Redis", metrics: metrics, logger: logger)
        self.now = now
        self.logger = logger
    }

    func news(in change: StoreChange<ReportRequest>) -> ReportRequest? {
        switch change {
        case .added(let request):
            return isRecent(request) ? request.withoutPipeline : nil
        case .updated(let old, let new):
            let isNews =
                old.status?.transitions != new.status?.transitions || old.status?.attempt != new.status?.attempt
            return isNews ? new.withoutPipeline : nil
        // Its last state waits already, if it was not told yet.
        case .deleted:
            return nil
        }
    }

    private func isRecent(_ request: ReportRequest) -> Bool {
        guard request.status?.isTerminal == true, let end = request.status?.completedAt else { return true }
        return end.seconds + Self.memory > Timestamp(now()).seconds
    }

    /// All of a batch, or nothing of it.
    func write(_ batch: [ReportRequest]) async -> Result<[String: RedisTrouble], RedisTrouble> {
        let oldest = Date(timeIntervalSince1970: Double(Timestamp(now()).seconds - Self.memory))
        let times = await asOf?.times(of: batch) ?? [:]
        let origins = await origins.origins(of: batch)
        let events = batch.flatMap { request in
            let uid = request.metadata.uid
            return OutboundEvent.all(
                of: request, since: oldest, origin: origins[uid] ?? .unknown, asOf: times[uid])
        }
        guard !events.isEmpty else { return .success([:]) }
        let result = await Result(catching: { () async throws(RedisTrouble) in try await publisher.publish(events) })
        guard case .success = result else { return result.map { _ in [:] } }
        _ = health.succeeded()
        metrics.written.increment(by: batch.count)
        return .success([:])
    }

    /// Redis refuses none by itself.
    func refused(_ request: ReportRequest, _ trouble: RedisTrouble) {}

    func struck(by trouble: RedisTrouble) { health.failed(trouble.kind, trouble.description) }
}
