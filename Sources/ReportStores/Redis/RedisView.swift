package import Logging
import RedisClient

/// Redis for people to look at: what it says of itself, and who holds the shared locks. It changes nothing.
package struct RedisView: Sendable {
    private let connection: RedisConnection
    private let lock: SharedLock

    /// Nothing is connected yet.
    package init(address: String, logger: Logger) throws(AddressFault) {
        let server = try RedisServer(address: address, logger: logger)
        connection = server.connection
        // No place is asked for, so its length doesn't matter.
        lock = SharedLock(server, grace: .init(lease: .seconds(120)), logger: logger)
    }

    package func close() { connection.close() }

    /// The answer to `INFO`, which a user with few rights may ask for too.
    package func information() async throws(RedisTrouble) -> String {
        try await RedisTrouble.wrapping { () async throws(RedisError) in
            try await connection.send(RedisCommand("INFO"), isIdempotent: true).string ?? ""
        }
    }

    package func standing(of group: String) async throws(RedisTrouble) -> LockStanding {
        try await lock.standing(of: group)
    }
}
