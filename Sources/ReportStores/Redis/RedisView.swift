package import Logging
import RedisClient

/// Redis for people to look at: what it says of itself, and who holds the shared locks. It changes nothing.
package struct RedisView: Sendable {
    private let connection: RedisConnection
    private let lock: SharedLock

    /// Why Redis gave no answer. For people.
    package struct Trouble: Error, Sendable, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// Nothing is connected yet.
    package init(address: String, logger: Logger) throws(AddressFault) {
        do throws(RedisError) {
            connection = RedisConnection(try RedisConfiguration(url: address), logger: logger)
        } catch {
            throw AddressFault(description: error.message)
        }
        // No place is asked for, so its length doesn't matter.
        lock = SharedLock(connection, grace: .init(lease: .seconds(120)), logger: logger)
    }

    package func close() { connection.close() }

    /// The answer to `INFO`, which a user with few rights may ask for too.
    package func information() async throws(Trouble) -> String {
        try await asked { () async throws(RedisError) in
            try await connection.send(RedisCommand("INFO"), isIdempotent: true).string ?? ""
        }
    }

    package func standing(of group: String) async throws(Trouble) -> LockStanding {
        try await asked { () async throws(RedisError) in try await lock.standing(of: group) }
    }

    private func asked<Value>(_ body: () async throws(RedisError) -> Value) async throws(Trouble) -> Value {
        let result: Result<Value, RedisError>
        do throws(RedisError) { result = .success(try await body()) } catch { result = .failure(error) }
        switch result {
        case .success(let value): return value
        case .failure(let error): throw Trouble(description: error.message)
        }
    }
}
