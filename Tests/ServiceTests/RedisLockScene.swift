import AsyncSupport
import RedisClient
import ReportStores
import ServiceSupport
import Synchronization

/// Several clusters, each with a client of its own, that take places of one group for their runs.
final class RedisLockScene: Sendable {
    struct Figures {
        var holding: [String: Int64] = [:]
        var most = 0
        var fences: [Int64] = []
        var finished: [String: Int] = [:]
        var lost: [String] = []
    }

    /// One cluster's side.
    final class Cluster: Sendable {
        let name: String
        let redis: RedisConnection
        let lock: SharedLock
        let bell = Bell()

        init(_ name: String, _ server: LiveRedis, grace: Duration) {
            self.name = name
            redis = server.connection {
                $0.commandTimeout = .seconds(2)
                $0.backoff = Backoff(first: .milliseconds(10), longest: .milliseconds(50))
            }
            lock = SharedLock(RedisServer(redis), grace: .init(restart: grace, empty: grace), logger: LiveRedis.logger)
        }

        /// Wakes its waiters at every release.
        func listen() async { for await _ in lock.releases { bell.ring() } }
    }

    let group: LockGroup
    let ttl: Duration
    let figures = Mutex(Figures())

    init(_ group: LockGroup, ttl: Duration) {
        self.group = group
        self.ttl = ttl
    }

    /// One run, from asking for its place to giving it back; outages are waited out.
    func run(_ holder: String, of cluster: Cluster, for length: Duration) async throws {
        let fence = try await acquire(holder, of: cluster)
        figures.withLock { figures in
            figures.holding[holder] = fence
            figures.most = max(figures.most, figures.holding.count)
            figures.fences.append(fence)
        }
        let end = ContinuousClock.now + length
        let holding = Holding(group: group, holder: holder, fence: fence, ttl: ttl)
        repeat {
            try await Task.sleep(for: .milliseconds(10))
            guard let renewals = try? await cluster.lock.renew([holding]) else { continue }
            if renewals != [.renewed] { figures.withLock { $0.lost.append(holder) } }
        } while ContinuousClock.now < end
        // Before the release: at the moment of the release the next may have it.
        figures.withLock { figures in
            figures.holding[holder] = nil
            figures.finished[cluster.name, default: 0] += 1
        }
        while (try? await cluster.lock.release(group, holder: holder)) == nil { try Task.checkCancellation() }
    }

    func acquire(_ holder: String, of cluster: Cluster) async throws -> Int64 {
        while true {
            try Task.checkCancellation()
            // Before asking, so that no ring between the answer and the wait is missed.
            let ring = cluster.bell.count
            switch try? await cluster.lock.acquire(group, holder: holder, ttl: ttl) {
            case .held(let fence): return fence
            case .waiting(_, let retryAfter): await cluster.bell.wait(after: ring, atMost: retryAfter)
            case nil: continue
            }
        }
    }
}

/// Rings for all who wait.
final class Bell: Sendable {
    private struct State {
        var count = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }
    private let state = Mutex(State())

    var count: Int { state.withLock { $0.count } }

    func ring() {
        let waiters = state.withLock { state in
            defer { state.waiters = [:] }
            state.count += 1
            return state.waiters.values.map { $0 }
        }
        waiters.forEach { $0.resume() }
    }

    /// Returns at the first ring after that one, or when the time is over.
    func wait(after ring: Int, atMost limit: Duration) async {
        let id = state.withLock { state in
            defer { state.nextWaiter += 1 }
            return state.nextWaiter
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                try? await Task.sleep(for: limit)
                let waiter = state.withLock { state in
                    // Also where the waiter isn't there yet: then the count tells it.
                    if state.waiters[id] == nil { state.count += 1 }
                    return state.waiters.removeValue(forKey: id)
                }
                waiter?.resume()
            }
            await withCheckedContinuation { waiter in
                let isOver = state.withLock { state in
                    if state.count == ring { state.waiters[id] = waiter }
                    return state.count != ring
                }
                if isOver { waiter.resume() }
            }
            group.cancelAll()
        }
    }
}
