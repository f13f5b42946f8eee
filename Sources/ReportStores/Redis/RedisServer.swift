package import Logging
package import RedisClient

/// Redis as the operator uses it: what of it is behind this is nobody's business.
package struct RedisServer: Sendable {
    let connection: RedisConnection

    package init(_ connection: RedisConnection) { self.connection = connection }

    /// Nothing is connected yet.
    package init(address: String, logger: Logger) throws(AddressFault) {
        do throws(RedisError) {
            connection = RedisConnection(try RedisConfiguration(url: address), logger: logger)
        } catch {
            throw AddressFault(description: error.message)
        }
    }

    /// Its address without a password, for logs.
    package var sanitizedAddress: String { connection.configuration.sanitizedURL }
}

/// Why Redis didn't do what was asked of it.
package struct RedisTrouble: Error, Sendable, Hashable, CustomStringConvertible {
    package let cause: RedisError

    init(_ cause: RedisError) { self.cause = cause }

    /// For people: what happened and what to do next.
    package var description: String { cause.message }

    /// What sort of trouble it is: as long as that stays the same it is told once.
    package var kind: String { "\(cause.code)" }

    /// Whether it was given up because the caller was cancelled.
    package var isCancelled: Bool { cause.code == .cancelled }

    /// Whether Redis answers, and only this call has failed.
    package var concernsOneKey: Bool {
        switch cause.code {
        case .server, .unexpectedReply: true
        default: false
        }
    }

    /// Runs what speaks to Redis.
    static func wrapping<Value>(
        _ body: () async throws(RedisError) -> Value
    ) async throws(RedisTrouble) -> Value {
        let result: Result<Value, RedisError>
        do throws(RedisError) { result = .success(try await body()) } catch { result = .failure(error) }
        switch result {
        case .success(let value): return value
        case .failure(let error): throw RedisTrouble(error)
        }
    }
}
