import Glibc

/// A few threads for calls that block, so that no thread of the cooperative pool ever does.
///
/// They start when there is work for them and end after ten seconds without any.
public final class WorkerThreads: @unchecked Sendable {
    // @unchecked: everything below is touched only with `lock` held.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let name: String
    private let limit: Int
    private var jobs = Jobs()
    private var count = 0
    private var idle = 0

    private static let patience: Int = 10

    /// At most `limit` threads, which debuggers show under that name.
    public init(named name: String, limit: Int) {
        self.name = name
        self.limit = limit
        pthread_mutex_init(lock, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(wake, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    // Threads hold their object, so none is left here.
    deinit {
        pthread_cond_destroy(wake)
        pthread_mutex_destroy(lock)
        wake.deallocate()
        lock.deallocate()
    }

    /// How many threads there are now.
    public var threadCount: Int {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        return count
    }

    /// Runs `job` on one of the threads, in order of arrival.
    public func post(_ job: @escaping @Sendable () -> Void) {
        pthread_mutex_lock(lock)
        jobs.append(job)
        let needsThread = idle < jobs.count && count < limit
        if needsThread { count += 1 } else { pthread_cond_signal(wake) }
        pthread_mutex_unlock(lock)
        if needsThread { NativeThread.start(named: name) { self.work() } }
    }

    private func work() {
        while let job = nextJob() { job() }
    }

    /// Waits for a job; nil when none came in time and the thread is to end.
    private func nextJob() -> (@Sendable () -> Void)? {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        deadline.tv_sec += Self.patience
        idle += 1
        defer { idle -= 1 }
        while true {
            if let job = jobs.popFirst() { return job }
            if pthread_cond_timedwait(wake, lock, &deadline) == ETIMEDOUT, jobs.count == 0 {
                count -= 1
                return nil
            }
        }
    }

    /// First in, first out.
    private struct Jobs {
        private var incoming: [@Sendable () -> Void] = []
        private var outgoing: [@Sendable () -> Void] = []

        var count: Int { incoming.count + outgoing.count }

        mutating func append(_ job: @escaping @Sendable () -> Void) { incoming.append(job) }

        mutating func popFirst() -> (@Sendable () -> Void)? {
            if outgoing.isEmpty {
                outgoing = incoming.reversed()
                incoming.removeAll(keepingCapacity: true)
            }
            return outgoing.popLast()
        }
    }
}
