import RedisClient

/// Who has a shared lock, and who wants it.
package struct LockStanding: Hashable, Sendable {
    /// Whose leases haven't lapsed, or whose places nobody has taken since.
    package let holders: [String]
    /// Who waits, in order.
    package let line: [String]
}

extension SharedLock {
    /// For people to look at: it changes nothing. `group` is the lock's key.
    package func standing(of group: String) async throws(RedisTrouble) -> LockStanding {
        try await RedisTrouble.wrapping { () async throws(RedisError) in try await read(group) }
    }

    private func read(_ group: String) async throws(RedisError) -> LockStanding {
        let keys = LockScripts.keys(of: group)
        let replies = try await redis.sendAll(
            [RedisCommand("ZRANGE", keys[0], 0, -1), RedisCommand("ZRANGE", keys[3], 0, -1)], isIdempotent: true)
        var names: [[String]] = []
        for reply in replies {
            if case .error(let error) = reply { throw redis.error(error) }
            names.append((reply.array ?? []).compactMap(\.string))
        }
        return LockStanding(holders: names[0], line: names[1])
    }
}
