public import AsyncSupport
public import KubernetesClient
public import PrometheusMetrics
import Synchronization

/// A queue of keys to look at: each waits once, and one worker at a time has it.
///
/// Delayed keys come due only while `runTimer` runs; a `Controller` does that. Nothing wakes up while the queue is idle.
public final class WorkQueue<Key: Hashable & Sendable>: Sendable {
    private typealias Waiter = CheckedContinuation<Key?, Never>

    private struct Guarded {
        var keys = WorkQueueState<Key>()
        /// Workers without a key, the longest waiting first.
        var waiters: [(id: UInt64, continuation: Waiter)] = []
        var lastWaiter: UInt64 = 0
        var isShutDown = false
        /// When the timer wakes by itself; nil while it waits for a call.
        var timerDue: Duration?
    }

    public let name: String
    private let backoff: Backoff
    private let clock: RuntimeClock
    private let guarded = Mutex(Guarded())
    private let timerSignal = Signal()
    private let metrics: WorkQueueMetrics

    /// `server`: when it comes back after it was away, what has failed is tried again.
    public init(
        name: String,
        backoff: Backoff = Backoff(),
        server: ServerReturn? = nil,
        clock: RuntimeClock = .continuous,
        metrics registry: MetricsRegistry = MetricsRegistry()
    ) {
        self.name = name
        self.backoff = backoff
        self.clock = clock
        metrics = WorkQueueMetrics(registry: registry, queue: name)
        WorkQueueMetrics.register(
            in: registry,
            queue: name,
            depth: { [weak self] in self.map { Double($0.depth) } },
            unfinished: { [weak self] in self?.unfinished.sum.seconds },
            longestRunning: { [weak self] in self?.unfinished.longest.seconds }
        )
        server?.addHandler { [weak self] in self?.retryFailed() }
    }

    /// How many keys wait for a worker, without the delayed ones.
    public var depth: Int { guarded.withLock { $0.keys.depth } }

    private var unfinished: (sum: Duration, longest: Duration) {
        let now = clock.now()
        return guarded.withLock { $0.keys.unfinished(now: now) }
    }

    // MARK: Adding

    /// Adds a key. One that waits already isn't added again; one that a worker has waits again when that is done.
    public func add(_ key: Key) {
        let now = clock.now()
        let handouts = guarded.withLock { guarded -> [(Waiter, Key)] in
            if guarded.isShutDown { return [] }
            if guarded.keys.add(key, now: now) { metrics.adds.increment() }
            return handOut(&guarded, now: now)
        }
        resume(handouts)
    }

    /// Adds a key later. Of several times the earliest counts.
    public func add(_ key: Key, after delay: Duration) {
        if delay <= .zero { return add(key) }
        metrics.retries.increment()
        let due = clock.now() + delay
        let isEarlier = guarded.withLock { guarded in
            if guarded.isShutDown { return false }
            guarded.keys.add(key, due: due)
            return guarded.timerDue.map { due < $0 } ?? true
        }
        if isEarlier { timerSignal.raise() }
    }

    /// Adds a key after a wait that grows with each call until `forget`.
    public func addRateLimited(_ key: Key) {
        let failures = guarded.withLock { $0.keys.fail(key) }
        add(key, after: backoff.delay(failures: failures))
    }

    /// Adds within a second what waits because it failed. What fails again waits the shortest time first.
    public func retryFailed() {
        let now = clock.now()
        let hasFailed = guarded.withLock { guarded in
            if guarded.isShutDown { return false }
            // Not all at once, after an outage that all of them met.
            return guarded.keys.retryFailed { now + .seconds(1) * backoff.random() }
        }
        if hasFailed { timerSignal.raise() }
    }

    /// Forgets the key's failures: its next one waits the shortest time again.
    public func forget(_ key: Key) {
        guarded.withLock { $0.keys.forget(key) }
    }

    /// How often the key was added rate limited since it was last forgotten.
    public func failures(of key: Key) -> Int { guarded.withLock { $0.keys.failures(of: key) } }

    // MARK: Working

    /// The next key, for this caller alone until it says `done`.
    ///
    /// - Returns: nil once the queue is shut down, or when the task is cancelled.
    public func next() async -> Key? {
        if let key = nextWaiting() { return key }
        let id = guarded.withLock { guarded in
            guarded.lastWaiter += 1
            return guarded.lastWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: Waiter) in
                let now = clock.now()
                let handouts = guarded.withLock { guarded -> [(Waiter, Key)]? in
                    // Cancellation sets the task's flag before it runs the handler below, so one of the two sees it.
                    if guarded.isShutDown || Task.isCancelled { return nil }
                    guarded.waiters.append((id, continuation))
                    return handOut(&guarded, now: now)
                }
                if let handouts { resume(handouts) } else { continuation.resume(returning: nil) }
            }
        } onCancel: {
            let waiter = guarded.withLock { guarded -> Waiter? in
                guard let position = guarded.waiters.firstIndex(where: { $0.id == id }) else { return nil }
                return guarded.waiters.remove(at: position).continuation
            }
            waiter?.resume(returning: nil)
        }
    }

    /// Says that the work on a key has ended, well or not.
    public func done(_ key: Key) {
        let now = clock.now()
        let handouts = guarded.withLock { guarded -> [(Waiter, Key)] in
            if let took = guarded.keys.done(key, now: now) { metrics.workDuration.observe(took) }
            return guarded.isShutDown ? [] : handOut(&guarded, now: now)
        }
        resume(handouts)
    }

    /// Gives out no more keys and takes no more. Work on a key that was given out goes on; its owner has to wait for that.
    public func shutDown() {
        let waiters = guarded.withLock { guarded in
            guarded.isShutDown = true
            defer { guarded.waiters = [] }
            return guarded.waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: nil) }
        timerSignal.raise()
    }

    // MARK: The timer

    /// Brings delayed keys into the queue when they are due, until the queue is shut down or the task is cancelled.
    ///
    /// One sleep for all of them, up to the earliest; an earlier one cuts it short. One task may run this at a time.
    public func runTimer() async {
        while !Task.isCancelled {
            let now = clock.now()
            let step = guarded.withLock { guarded -> (due: Duration?, handouts: [(Waiter, Key)])? in
                if guarded.isShutDown { return nil }
                metrics.adds.increment(by: guarded.keys.promote(now: now))
                guarded.timerDue = guarded.keys.nextDue
                return (guarded.timerDue, handOut(&guarded, now: now))
            }
            guard let step else { return }
            resume(step.handouts)
            await pause(until: step.due, now: now)
        }
    }

    private func pause(until due: Duration?, now: Duration) async {
        guard let due else { return await timerSignal.wait() }
        await withTaskGroup { group in
            group.addTask { [clock] in try? await clock.sleep(due - now) }
            group.addTask { [timerSignal] in await timerSignal.wait() }
            await group.next()
            group.cancelAll()
        }
    }

    // MARK: Handing out

    /// A key that waits already: what a busy worker finds, without suspending.
    private func nextWaiting() -> Key? {
        let now = clock.now()
        return guarded.withLock { guarded in
            if guarded.isShutDown || Task.isCancelled { return nil }
            guard let handout = guarded.keys.next(now: now) else { return nil }
            metrics.queueDuration.observe(handout.waited)
            return handout.key
        }
    }

    /// Matches waiting workers with waiting keys. Their continuations are resumed outside the lock.
    private func handOut(_ guarded: inout Guarded, now: Duration) -> [(Waiter, Key)] {
        var handouts: [(Waiter, Key)] = []
        while !guarded.waiters.isEmpty, let handout = guarded.keys.next(now: now) {
            metrics.queueDuration.observe(handout.waited)
            handouts.append((guarded.waiters.removeFirst().continuation, handout.key))
        }
        return handouts
    }

    private func resume(_ handouts: [(Waiter, Key)]) {
        for (waiter, key) in handouts { waiter.resume(returning: key) }
    }
}
