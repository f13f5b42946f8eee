public import AsyncSupport
public import Logging
public import PrometheusMetrics
public import ServiceLifecycle

/// Workers that reconcile the keys of a queue, once every store they look into has synced.
///
/// An error brings the key back after a wait that grows with each failure in a row; a `TerminalError` doesn't bring it
/// back. A graceful shutdown takes no more keys and lets the workers finish theirs.
public struct Controller<Key: Hashable & Sendable>: Service {
    public struct Options: Sendable {
        public var workers: Int
        /// How long a graceful shutdown waits for the keys in work. Then they are cancelled.
        public var drainTimeout: Duration
        /// How long one reconciliation may take before it is cancelled and counts as failed; nil for no bound.
        public var reconcileTimeout: Duration?
        /// After how long a store that hasn't synced is named in the log.
        public var syncWarning: Duration

        public init(
            workers: Int = 1,
            drainTimeout: Duration = .seconds(30),
            reconcileTimeout: Duration? = nil,
            syncWarning: Duration = .seconds(120)
        ) {
            self.workers = workers
            self.drainTimeout = drainTimeout
            self.reconcileTimeout = reconcileTimeout
            self.syncWarning = syncWarning
        }
    }

    public let name: String
    let queue: WorkQueue<Key>
    let stores: [any SyncedStore]
    let options: Options
    let clock: RuntimeClock
    let logger: Logger
    let metrics: ControllerMetrics
    let reconcile: @Sendable (Key) async throws -> ReconcileResult

    /// `stores` are what `reconcile` reads: no worker starts before all of them have synced. `reconcile` brings the world
    /// to what the key's object wants; it is told the key alone and looks the rest up.
    public init(
        name: String,
        queue: WorkQueue<Key>,
        stores: [any SyncedStore],
        options: Options = Options(),
        logger: Logger,
        metrics: MetricsRegistry = MetricsRegistry(),
        clock: RuntimeClock = .continuous,
        reconcile: @escaping @Sendable (Key) async throws -> ReconcileResult
    ) {
        self.name = name
        self.queue = queue
        self.stores = stores
        self.options = options
        self.clock = clock
        self.logger = logger
        self.metrics = ControllerMetrics(registry: metrics, controller: name, workers: options.workers)
        self.reconcile = reconcile
    }

    public func run() async throws {
        guard await storesHaveSynced() else { return queue.shutDown() }
        logger.info("Started workers", metadata: ["controller": "\(name)", "workers": "\(options.workers)"])
        await work()
        logger.info("Stopped workers", metadata: ["controller": "\(name)"])
    }

    // MARK: Waiting for the stores

    /// - Returns: false when a shutdown or a cancellation came first.
    private func storesHaveSynced() async -> Bool {
        do {
            try await cancelWhenGracefulShutdown {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        try await clock.sleep(options.syncWarning)
                        let missing = stores.filter { !$0.hasSynced }.map(\.name)
                        logger.warning(
                            "Stores haven't synced; no worker starts before they do",
                            metadata: ["controller": "\(name)", "stores": "\(missing.joined(separator: ", "))"])
                    }
                    for store in stores { try await store.waitUntilSynced() }
                    group.cancelAll()
                }
            }
            return true
        } catch {
            return false
        }
    }

    // MARK: Working

    private enum Part {
        case worker
        case timer
        case shutdown
    }

    private func work() async {
        await withTaskGroup(of: Part.self) { group in
            for _ in 0..<options.workers {
                group.addTask {
                    await reconcileKeys()
                    return .worker
                }
            }
            group.addTask {
                await queue.runTimer()
                return .timer
            }
            group.addTask {
                await boundShutdown()
                return .shutdown
            }
            var working = options.workers
            for await part in group {
                switch part {
                case .worker: working -= 1
                case .timer: continue
                // The workers' time is up, or the service is cancelled.
                case .shutdown: group.cancelAll()
                }
                if working == 0 { group.cancelAll() }
            }
        }
        queue.shutDown()
    }

    /// Waits for a graceful shutdown, ends the queue with it, and returns when the workers have had their time.
    private func boundShutdown() async {
        do {
            try await gracefulShutdown()
            queue.shutDown()
            try await clock.sleep(options.drainTimeout)
            logger.warning(
                "Cancelling what the workers haven't finished",
                metadata: ["controller": "\(name)", "after": "\(options.drainTimeout)"])
        } catch {
            // Cancelled: the workers are gone, or are going at once.
        }
    }

    private func reconcileKeys() async {
        while let key = await queue.next() {
            metrics.activeWorkers.add(1)
            await reconcileOnce(key)
            metrics.activeWorkers.add(-1)
            queue.done(key)
        }
    }

    private func reconcileOnce(_ key: Key) async {
        let start = clock.now()
        do {
            let result = try await reconcileInTime(key)
            switch result {
            case .done:
                queue.forget(key)
                metrics.success.increment()
            case .requeue(let delay):
                queue.forget(key)
                metrics.requeueAfter.increment()
                queue.add(key, after: delay)
            case .lookAgain:
                metrics.requeue.increment()
                queue.addRateLimited(key)
            case .parked:
                metrics.success.increment()
            }
        } catch {
            fail(key, error)
        }
        metrics.time.observe(clock.now() - start)
    }

    private func fail(_ key: Key, _ error: any Error) {
        // What is cancelled because the process ends isn't a failure.
        if Task.isCancelled { return }
        metrics.error.increment()
        metrics.errors.increment()
        if error is TerminalError {
            metrics.terminalErrors.increment()
            queue.forget(key)
        } else {
            queue.addRateLimited(key)
        }
        logger.error(
            "Reconciliation failed",
            metadata: [
                "controller": "\(name)", "key": "\(key)", "error": "\(error)", "failures": "\(queue.failures(of: key))",
            ])
    }

    private func reconcileInTime(_ key: Key) async throws -> ReconcileResult {
        guard let timeout = options.reconcileTimeout else { return try await reconcile(key) }
        return try await withThrowingTaskGroup(of: ReconcileResult?.self) { group in
            group.addTask { try await reconcile(key) }
            group.addTask {
                try await clock.sleep(timeout)
                return nil
            }
            defer { group.cancelAll() }
            if let first = try await group.next(), let result = first { return result }
            metrics.timeouts.increment()
            throw ReconcileTimeout(after: timeout)
        }
    }
}

/// A reconciliation took longer than it may.
struct ReconcileTimeout: Error, CustomStringConvertible {
    var after: Duration

    var description: String { "took longer than \(after)" }
}

/// How a reconciliation that didn't fail wants to go on.
public enum ReconcileResult: Hashable, Sendable {
    /// Nothing to do until something changes.
    case done
    /// Look again after that time, or when something changes, whichever comes first.
    case requeue(after: Duration)
    /// Look again soon: what it rested on has changed. The pauses grow as after failures, so that what goes on changing,
    /// or is never told, costs little.
    case lookAgain
    /// Whatever is in its way adds the key again. What is known of its failures stays.
    case parked
}

/// An error that retrying can't fix: the key isn't queued again until something about it changes.
public struct TerminalError: Error, CustomStringConvertible {
    public let underlying: any Error

    public init(_ underlying: any Error) {
        self.underlying = underlying
    }

    public var description: String { "\(underlying)" }
}
