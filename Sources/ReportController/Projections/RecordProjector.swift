import AsyncSupport
import ControllerRuntime
import FoundationEssentials
import KubernetesModel
import Logging
import Metrics
import ReportAPI
import ReportPlanning
import ReportRecords
import ReportStores
import ServiceLifecycle
import Synchronization

/// Keeps MongoDB's record of every request up to what the cache says. Nothing waits for it but the finalizer.
///
/// One batch at a time, so that what has piled up in an outage is written without a storm, and one waiting time for all
/// while MongoDB is away.
final class RecordProjector: Service {
    private static let batch = 64
    /// How long a single request that MongoDB refuses waits for its next try, unless it changes before.
    private static let refusedPause: Duration = .seconds(60)
    /// How long a shutdown tries to write what is left. The next start writes the rest.
    private static let drainTimeout: Duration = .seconds(5)
    /// How long what could not be set up waits for its next try.
    private static let setUpBackoff = Backoff(first: .seconds(2), longest: .seconds(600))

    private let store: ReportStore
    private let ledger: RecordLedger
    private let outbox: Outbox
    /// Requests that are gone and whose last state is still to be stored.
    private let departed = Mutex<Set<String>>([])
    private let health: StoreHealth
    private let setUp: StoreSetUp
    private let metrics: StoreMetrics
    private let wake: @Sendable (ObjectKey) -> Void
    private let now: @Sendable () -> Date
    private let logger: Logger

    /// `wake` has a request looked at again, because what is known of its record has changed.
    init(
        store: ReportStore, ledger: RecordLedger, registry: MetricsRegistry,
        wake: @escaping @Sendable (ObjectKey) -> Void, logger: Logger, now: @escaping @Sendable () -> Date
    ) {
        let outbox = Outbox()
        let metrics = StoreMetrics(registry: registry, store: "mongodb", pending: { outbox.count })
        self.store = store
        self.ledger = ledger
        self.outbox = outbox
        self.metrics = metrics
        health = StoreHealth(name: "MongoDB", metrics: metrics, logger: logger)
        setUp = StoreSetUp(registry: registry, store: "mongodb", logger: logger)
        self.wake = wake
        self.now = now
        self.logger = logger
    }

    /// Listens to the requests.
    func connect(to requests: Store<ReportRequest>) {
        requests.addHandler { [self] change in
            // The record of the report that a restored copy is of stands under the old uid.
            guard !change.object.isRestored else { return }
            switch change {
            case .added(let request):
                if request.isToBeRecorded { outbox.put(request) }
            case .updated(let old, let new):
                if new.isRecordedForGood { ledger.forget(new.metadata.uid) }
                guard new.isToBeRecorded, !old.isToBeRecorded || RecordMark(old) != RecordMark(new) else { return }
                outbox.put(new)
            case .deleted(let last):
                // Where the finalizer had kept it, its deletion is on record already.
                if !last.metadata.isDeleting || ledger.record(of: last) != .stored {
                    departed.withLock { _ = $0.insert(last.metadata.uid) }
                    outbox.put(last.deleted(at: Timestamp(now())))
                }
                ledger.forget(last.metadata.uid)
            }
        }
    }

    func run() async {
        await cancelWhenGracefulShutdown { [self] in
            let incomplete = await prepare()
            await withDiscardingTaskGroup { group in
                if incomplete { group.addTask { [self] in await completeSetUp() } }
                while true {
                    let batch = await outbox.take(upTo: Self.batch)
                    guard !batch.isEmpty else { return }
                    for refused in await write(batch) {
                        group.addTask { [self] in
                            guard (try? await Task.sleep(for: Self.refusedPause)) != nil,
                                ledger.hasTrouble(with: refused.metadata.uid)
                            else { return }
                            outbox.putBack([refused])
                        }
                    }
                }
            }
        }
        await outbox.drain(by: Self.batch, within: Self.drainTimeout) { [self] batch in
            if case .success = await Result(catching: { () async throws(StoreTrouble) in try await store.save(batch) })
            {
                return true
            }
            return false
        }
    }

    /// Sets the collections up, however long it takes until there is a MongoDB to do it in.
    ///
    /// - Returns: whether something of it is still to be done. Records don't wait for that.
    private func prepare() async -> Bool {
        while !Task.isCancelled {
            switch await Result(catching: { () async throws(StoreTrouble) in try await store.prepare() }) {
            case .success(let troubles):
                if health.succeeded() { ledger.outage(nil) }
                setUp.told(troubles)
                return !troubles.isEmpty
            case .failure(let trouble):
                await waitOut(trouble)
            }
        }
        return false
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

    /// - Returns: those that MongoDB doesn't take, though it takes others.
    private func write(_ batch: [ReportRequest]) async -> [ReportRequest] {
        switch await Result(catching: { () async throws(StoreTrouble) in try await store.save(batch) }) {
        case .failure(let trouble):
            outbox.putBack(batch)
            await waitOut(trouble)
            return []
        case .success(let failed):
            if health.succeeded() { ledger.outage(nil) }
            var refused: [ReportRequest] = []
            for request in batch {
                if let trouble = failed[request.metadata.uid] {
                    refuse(request, trouble)
                    refused.append(request)
                } else {
                    stored(request)
                }
            }
            return refused
        }
    }

    private func stored(_ request: ReportRequest) {
        metrics.written.increment()
        ledger.stored(request)
        let uid = request.metadata.uid
        if departed.withLock({ $0.remove(uid) != nil }) { ledger.forget(uid) }
        if outbox.settle(uid) || !request.saysItIsRecorded { wake(request.key) }
    }

    private func refuse(_ request: ReportRequest, _ trouble: StoreTrouble) {
        metrics.failures.increment()
        var metadata = request.logMetadata
        metadata["error"] = "\(trouble)"
        logger.error("The record of a request can't be stored", metadata: metadata)
        ledger.trouble(trouble.description, with: request.metadata.uid)
        wake(request.key)
    }

    /// Waits after a failure that struck everything, and has those who wait for their record say so.
    private func waitOut(_ trouble: StoreTrouble) async {
        guard !trouble.isCancelled else { return }
        let failure = health.failed(trouble.outage, trouble.description)
        if failure.isNew {
            ledger.outage(trouble.description)
        }
        for request in outbox.announce(news: failure.isNew) { wake(request.key) }
        try? await Task.sleep(for: failure.pause)
    }
}
