package import Logging
package import RedisClient
import Synchronization

/// Takes requests from a stream in Redis, as one consumer of a group.
///
/// A message is acknowledged only after it was accepted, or moved to the rejected ones; so one is handed over again
/// after a crash, and whoever handles it must take that for the same request. It is at least once, never less.
package final class RequestIntake: Sendable {
    private let redis: RedisConnection
    private let consumer: String
    private let options: RequestIntakeOptions
    private let logger: Logger
    private let observe: @Sendable (IntakeEvent) -> Void

    /// Acknowledges over `redis`; reading has a connection of its own. `consumer` is the name in the group, unique among
    /// all that run and the same after a restart. `observe` is told of everything at once, for metrics.
    package init(
        _ redis: RedisConnection, consumer: String, options: RequestIntakeOptions = .init(), logger: Logger,
        observe: @escaping @Sendable (IntakeEvent) -> Void = { _ in }
    ) {
        self.redis = redis
        self.options = options
        self.logger = logger
        self.observe = observe
        self.consumer = consumer
    }

    /// Hands messages over until the task is cancelled. Then nothing is lost: what isn't acknowledged stays pending.
    package func run(_ handle: @escaping @Sendable (IntakeMessage) async -> Verdict) async {
        let reader = StreamReader(redis, consumer: consumer, options: options, logger: logger)
        defer { reader.close() }
        let room = Permits(options.capacity)
        let turns = Permits(options.concurrency)
        let inHand = EntriesInHand()
        await withDiscardingTaskGroup { group in
            var backoff = RedisBackoff(first: .milliseconds(100)).delays
            while await room.take() {
                let count = 1 + room.takeFree(upTo: options.capacity - 1)
                let batch: StreamReader.Batch
                switch await reader.next(count) {
                case .success(let read):
                    batch = read
                    backoff.reset()
                case .failure(let error):
                    room.giveBack(count)
                    guard error.code != .cancelled, !Task.isCancelled else { return }
                    report(error)
                    try? await Task.sleep(for: backoff.next())
                    continue
                }
                // What is in hand already comes again when pending messages are looked through.
                let new = batch.messages.filter { inHand.insert($0.entry) }
                room.giveBack(count - new.count)
                for message in new {
                    observe(.delivered(isRedelivery: batch.isRedelivery))
                    group.addTask { [self] in
                        await settle(message, of: reader, turns, handle)
                        inHand.remove(message.entry)
                        room.giveBack()
                    }
                }
            }
        }
    }

    /// Hands a message over until it is settled or the task is cancelled.
    private func settle(
        _ message: IntakeMessage, of reader: StreamReader, _ turns: Permits,
        _ handle: @Sendable (IntakeMessage) async -> Verdict
    ) async {
        while await turns.take() {
            let verdict = await handle(message)
            turns.giveBack()
            switch verdict {
            case .accepted:
                if await repeating({ () async throws(RedisError) in try await reader.acknowledge([message.entry]) }) {
                    observe(.accepted)
                }
                return
            case .rejected(let reason):
                if await repeating({ () async throws(RedisError) in try await reader.reject(message, reason: reason) })
                {
                    logger.warning(
                        "Rejected a request", metadata: ["entry": "\(message.entry)", "reason": "\(reason)"])
                    observe(.rejected(reason: reason))
                }
                return
            case .retry(let pause):
                observe(.retried)
                guard (try? await Task.sleep(for: pause)) != nil else { return }
            }
        }
    }

    /// Repeats an acknowledgement, which does no harm, until Redis has it; false if the task was cancelled first.
    private func repeating(_ body: () async throws(RedisError) -> Void) async -> Bool {
        var backoff = RedisBackoff(first: .milliseconds(100)).delays
        while true {
            switch await outcome(body) {
            case .success:
                return true
            case .failure(let error) where error.code == .noGroup:
                // The data is gone, and the message with it.
                return true
            case .failure(let error):
                guard error.code != .cancelled, !Task.isCancelled else { return false }
                report(error)
                guard (try? await Task.sleep(for: backoff.next())) != nil else { return false }
            }
        }
    }

    private func report(_ error: RedisError) {
        observe(.failed(message: error.message))
        logger.debug("Requests can't be read from Redis", metadata: ["error": "\(error.message)"])
    }
}

/// The messages that were handed over and aren't settled.
private final class EntriesInHand: Sendable {
    private let entries = Mutex<Set<String>>([])

    /// False if it is in hand already.
    func insert(_ entry: String) -> Bool { entries.withLock { $0.insert(entry).inserted } }

    func remove(_ entry: String) { entries.withLock { _ = $0.remove(entry) } }
}

/// As a value, since Swift 6.3.1 miscompiles some `catch` clauses of typed throws.
func outcome<Success: Sendable>(
    _ body: () async throws(RedisError) -> Success
) async -> Result<Success, RedisError> {
    do throws(RedisError) {
        return .success(try await body())
    } catch {
        return .failure(error)
    }
}

/// The waits of failures in a row.
struct Delays {
    private let backoff: RedisBackoff
    private var failures = 0

    init(_ backoff: RedisBackoff) { self.backoff = backoff }

    mutating func next() -> Duration {
        failures += 1
        return backoff.delay(afterFailures: failures)
    }

    mutating func reset() { failures = 0 }
}

extension RedisBackoff {
    var delays: Delays { Delays(self) }
}
