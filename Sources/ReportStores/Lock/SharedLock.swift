import AsyncSupport
package import Logging
import RedisClient

/// Slots that runs of several clusters share: at most a group's limit are held at once.
///
/// A place is a lease: held for as long as it is renewed, and given on only after it lapsed. Waiters are in a queue
/// by the time of first asking, and one keeps its place there by asking again within its ttl; a cluster that gives a place
/// back and asks for its next run goes behind the others' waiters.
///
/// A Redis that was restarted, or replaced by its replica, may have forgotten holders. For `grace` after it is first
/// seen, nobody gets a new place, so that they can come back by renewing; that should be longer than the time between
/// two renewals. An empty Redis looks just the same, so the very first places are given after the grace, too.
///
/// Every call may be repeated: an answer that was lost is given again. Redis must not evict these keys
/// (`maxmemory-policy noeviction`).
package struct SharedLock: Sendable {
    /// Where releases are told, with the group's key.
    package static let releasedChannel = "reports:lock:released"

    let redis: RedisConnection
    private let grace: Grace
    private let logger: Logger

    /// How long nobody new gets a place.
    package struct Grace: Sendable, Hashable {
        /// After a restart with data: the holders of the last moments may be missing.
        package var restart: Duration
        /// When Redis knows nothing, as a new one does too: all of them may be missing.
        package var empty: Duration

        package init(restart: Duration, empty: Duration) {
            self.restart = restart
            self.empty = empty
        }

        /// Enough for holders that renew each third of their lease; after a loss of all data, for those too that are
        /// away for as long as their lease allows.
        package init(lease: Duration) {
            self.init(restart: max(.seconds(10), lease / 3 + .seconds(5)), empty: lease)
        }
    }

    package init(_ server: RedisServer, grace: Grace, logger: Logger) {
        redis = server.connection
        self.grace = grace
        self.logger = logger
    }

    /// Asks for a place, or stays in the line for one.
    ///
    /// The same holder gets the same fence again, and its lease renewed. `fence` is one that it has already, as after a
    /// restart of the holder: with it the place is taken back even where Redis forgot it. `ttl` is that of the lease, and
    /// of the place in the line.
    package func acquire(
        _ group: LockGroup, holder: String, ttl: Duration, fence: Int64? = nil
    ) async throws(RedisTrouble) -> Acquisition {
        try await RedisTrouble.wrapping { () async throws(RedisError) in
            try await acquisition(group, holder: holder, ttl: ttl, fence: fence)
        }
    }

    private func acquisition(
        _ group: LockGroup, holder: String, ttl: Duration, fence: Int64?
    ) async throws(RedisError) -> Acquisition {
        let reply = try await redis.run(
            LockScripts.acquire, call(group, holder: holder, ttl: ttl, fence: fence ?? 0), isIdempotent: true)
        guard let parts = reply.array, parts.count >= 2, let isHeld = parts[0].integer, let value = parts[1].integer
        else { throw redis.unexpectedReply("the lock's script") }
        if isHeld == 1 { return .held(fence: value) }
        guard parts.count == 3, let milliseconds = parts[2].integer else {
            throw redis.unexpectedReply("the lock's script")
        }
        return .waiting(ahead: Int(value), retryAfter: min(.milliseconds(milliseconds), ttl / 2))
    }

    /// Renews places, all in one round trip; the outcomes are in the order of the holdings.
    package func renew(_ holdings: [Holding]) async throws(RedisTrouble) -> [Renewal] {
        try await RedisTrouble.wrapping { () async throws(RedisError) in try await renewals(holdings) }
    }

    private func renewals(_ holdings: [Holding]) async throws(RedisError) -> [Renewal] {
        let calls = holdings.map { call($0.group, holder: $0.holder, ttl: $0.ttl, fence: $0.fence) }
        let replies = try await redis.runAll(LockScripts.renew, calls, isIdempotent: true)
        var renewals: [Renewal] = []
        for reply in replies {
            if case .error(let error) = reply {
                renewals.append(.failed(RedisTrouble(redis.error(error))))
                continue
            }
            guard let parts = reply.array, let isRenewed = parts.first?.integer else {
                throw redis.unexpectedReply("the lock's script")
            }
            renewals.append(isRenewed == 1 ? .renewed : .lost(to: parts.count > 1 ? parts[1].string : nil))
        }
        return renewals
    }

    /// Tells when it is worth asking again. Each is a connection of its own: one is enough for a process.
    package var releases: some AsyncSequence<LockRelease, Never> & Sendable {
        RedisSubscription(redis.configuration, channels: [Self.releasedChannel], logger: logger)
            .map { element -> LockRelease in
                switch element {
                case .reconnected: .lookAtAll
                case .message(_, let payload): .released(group: String(decoding: payload, as: UTF8.self))
                }
            }
    }

    /// Gives a place back, or leaves the line for it, and tells everybody; false if this holder had neither.
    @discardableResult
    package func release(_ group: LockGroup, holder: String) async throws(RedisTrouble) -> Bool {
        let call = RedisScript.Call(
            keys: LockScripts.keys(of: group.key),
            arguments: [.text(holder), .text(Self.releasedChannel), .text(group.key)])
        return try await RedisTrouble.wrapping { () async throws(RedisError) in
            try await redis.run(LockScripts.leave, call, isIdempotent: true).integer == 1
        }
    }

    private func call(_ group: LockGroup, holder: String, ttl: Duration, fence: Int64) -> RedisScript.Call {
        RedisScript.Call(
            keys: LockScripts.keys(of: group.key),
            arguments: [
                .text(holder), RedisArgument(ttl.milliseconds), RedisArgument(group.limit),
                RedisArgument(grace.restart.milliseconds), RedisArgument(fence),
                RedisArgument(grace.empty.milliseconds),
            ])
    }
}
