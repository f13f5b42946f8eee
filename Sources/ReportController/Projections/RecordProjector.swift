import AsyncSupport
import ControllerRuntime
import FoundationEssentials
import KubernetesModel
import Logging
import Metrics
import MongoClient
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

    private let store: ReportStore
    private let ledger: RecordLedger
    private let outbox: Outbox
    /// Requests that are gone and whose last state is still to be stored.
    private let departed = Mutex<Set<String>>([])
    private let health: StoreHealth
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
        self.wake = wake
        self.now = now
        self.logger = logger
    }

    /// Listens to the requests.
    func connect(to requests: Store<ReportRequest>) {
        requests.addHandler { [self] change in
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
            await prepare()
            await withDiscardingTaskGroup { group in
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
        await drain()
    }

    /// Sets the collections up, however long it takes until there is a MongoDB to do it in.
    private func prepare() async {
        while !Task.isCancelled {
            switch await Result(catching: { () async throws(StoreTrouble) in try await store.prepare() }) {
            case .success:
                if health.succeeded() { ledger.outage(nil) }
                return
            case .failure(let trouble) where trouble.cause.kind == .unauthorized:
                // Without rights to create indexes, use existing ones.
                logger.warning("The record's collections can't be set up", metadata: ["error": "\(trouble)"])
                return
            case .failure(let trouble):
                await waitOut(trouble)
            }
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
        guard trouble.cause.kind != .cancelled else { return }
        let failure = health.failed(trouble.outage, trouble.description)
        if failure.isNew {
            ledger.outage(trouble.description)
        }
        for request in outbox.announce(news: failure.isNew) { wake(request.key) }
        try? await Task.sleep(for: failure.pause)
    }

    private func drain() async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                while !outbox.isEmpty {
                    let batch = await outbox.take(upTo: Self.batch)
                    guard !batch.isEmpty,
                        case .success = await Result(catching: { () async throws(StoreTrouble) in
                            try await store.save(batch)
                        })
                    else { return }
                }
            }
            group.addTask { try? await Task.sleep(for: Self.drainTimeout) }
            await group.next()
            group.cancelAll()
        }
    }
}
