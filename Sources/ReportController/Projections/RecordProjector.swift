import AsyncSupport
import ControllerRuntime
import FoundationEssentials
import KubernetesModel
import Logging
import PrometheusMetrics
import ReportAPI
import ReportPlanning
import ReportRecords
import ReportStores
import Synchronization

/// Keeps MongoDB's record of every request up to what the cache says. Nothing waits for it but the finalizer.
final class RecordProjector: Projector {
    /// How long a single request that MongoDB refuses waits for its next try, unless it changes before.
    private static let refusedPause: Duration = .seconds(60)
    /// How long what could not be set up waits for its next try.
    private static let setUpBackoff = Backoff(first: .seconds(2), longest: .seconds(600))

    private let store: ReportStore
    private let origins: RecordOrigins
    private let ledger: RecordLedger
    let outbox: Outbox
    let batchSize = 64
    /// The next start writes the rest.
    let drainTimeout: Duration? = .seconds(5)
    /// Requests that are gone and whose last state is still to be stored.
    private let departed = Mutex<Set<String>>([])
    private let health: StoreHealth
    private let setUp: StoreSetUp
    let metrics: StoreMetrics
    private let wake: @Sendable (ObjectKey) -> Void
    private let now: @Sendable () -> Date
    private let logger: Logger

    /// `wake` has a request looked at again, because what is known of its record has changed.
    init(
        store: ReportStore, origins: RecordOrigins, ledger: RecordLedger, registry: MetricsRegistry,
        wake: @escaping @Sendable (ObjectKey) -> Void, logger: Logger, now: @escaping @Sendable () -> Date
    ) {
        let outbox = Outbox()
        let metrics = StoreMetrics(registry: registry, store: "mongodb", pending: { outbox.count })
        registry.gauge(
            "report_record_lag_seconds",
            help: "How long the oldest state has waited that MongoDB doesn't have yet; 0 while it has all."
        ) { outbox.lag(at: .now).seconds }
        self.store = store
        self.origins = origins
        self.ledger = ledger
        self.outbox = outbox
        self.metrics = metrics
        health = StoreHealth(name: "MongoDB", metrics: metrics, logger: logger)
        setUp = StoreSetUp(registry: registry, store: "mongodb", logger: logger)
        self.wake = wake
        self.now = now
        self.logger = logger
    }

    func news(in change: StoreChange<ReportRequest>) -> ReportRequest? {
        switch change {
        case .added(let request):
            return request.isToBeRecorded ? request : nil
        case .updated(let old, let new):
            if new.isRecordedForGood { ledger.forget(new.metadata.uid) }
            guard new.isToBeRecorded, !old.isToBeRecorded || RecordMark(old) != RecordMark(new) else { return nil }
            return new
        case .deleted(let last):
            defer { ledger.forget(last.metadata.uid) }
            // Where the finalizer had kept it, its deletion is on record already.
            guard !last.metadata.isDeleting || ledger.record(of: last) != .stored else { return nil }
            departed.withLock { _ = $0.insert(last.metadata.uid) }
            return last.deleted(at: Timestamp(now()))
        }
    }

    /// Sets the collections up. Records don't wait for what of it is still to be done.
    func prepare() async -> Result<(@Sendable () async -> Void)?, StoreTrouble> {
        let result = await Result(catching: { () async throws(StoreTrouble) in try await store.prepare() })
        switch result {
        case .failure(let trouble):
            return .failure(trouble)
        case .success(let troubles):
            if health.succeeded() { ledger.outage(nil) }
            setUp.told(troubles)
            guard !troubles.isEmpty else { return .success(nil) }
            return .success { [self] in await completeSetUp() }
        }
    }

    /// Tries again what could not be set up, until somebody has mended what is in the way.
    private func completeSetUp() async {
        var failures = 0
        while (try? await Task.sleep(for: Self.setUpBackoff.delay(failures: failures))) != nil {
            failures += 1
            // An outage is told where records are written.
            guard
                case .success(let troubles) = await Result(catching: { () async throws(StoreTrouble) in
                    try await store.prepare()
                })
            else { continue }
            setUp.told(troubles)
            if troubles.isEmpty { return }
        }
    }

    func write(_ batch: [ReportRequest]) async -> Result<[String: StoreTrouble], StoreTrouble> {
        let times = await Result(catching: { () async throws(StoreTrouble) in try await store.asOf(of: batch) })
        // An operator that may not read what stages publish keeps the record all the same.
        if case .failure(let trouble) = times, trouble.isOutage || trouble.isCancelled { return .failure(trouble) }
        let asOf = (try? times.get()) ?? [:]
        let origins = await origins.origins(of: batch)
        let result = await Result(catching: { () async throws(StoreTrouble) in
            try await store.save(batch, origins: origins, asOf: asOf)
        })
        if case .success = result { ledger.note(asOf: asOf) }
        if case .success = result, health.succeeded() { ledger.outage(nil) }
        return result
    }

    func written(_ request: ReportRequest, wasAnnounced: Bool) {
        metrics.written.increment()
        ledger.stored(request)
        let uid = request.metadata.uid
        if departed.withLock({ $0.remove(uid) != nil }) { ledger.forget(uid) }
        // It is looked at again for the condition, and for the finalizer of one that goes.
        let isSettled = request.status?.isRecorded == true && !request.metadata.isDeleting
        if wasAnnounced || !isSettled { wake(request.key) }
    }

    func refused(_ request: ReportRequest, _ trouble: StoreTrouble) {
        metrics.failures.increment()
        var metadata = request.logMetadata
        metadata["error"] = "\(trouble)"
        logger.error("The record of a request can't be stored", metadata: metadata)
        ledger.trouble(trouble.description, with: request.metadata.uid)
        wake(request.key)
    }

    func mayTryAgain(_ request: ReportRequest) async -> Bool {
        (try? await Task.sleep(for: Self.refusedPause)) != nil && ledger.hasTrouble(with: request.metadata.uid)
    }

    /// Has those who wait for their record say so.
    func struck(by trouble: StoreTrouble) {
        let failure = health.failed(trouble.outage, trouble.description)
        if failure.isNew { ledger.outage(trouble.description) }
        for request in outbox.announce(news: failure.isNew) { wake(request.key) }
    }
}
