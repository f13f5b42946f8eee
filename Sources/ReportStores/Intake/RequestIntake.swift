import AsyncSupport
package import Logging
import RedisClient
import Synchronization

/// Takes requests from a stream in Redis, as one consumer of a group.
///
/// A message is acknowledged only after it was accepted, or moved to the rejected ones; so one is handed over again
/// after a crash, and its handler must take that for the same request. It is at least once, never less.
package final class RequestIntake: Sendable {
    /// What Redis fails to do is tried again after these.
    private static let pauses = Backoff(first: .milliseconds(100), longest: .seconds(5))

    private let redis: RedisConnection
    private let consumer: String
    private let options: RequestIntakeOptions
    private let logger: Logger
    private let observe: @Sendable (IntakeEvent) -> Void
    private let lanes: Mutex<IntakeLanes>
    /// Something may be due.
    private let news = Signal()
    /// More may be read.
    private let room = Signal()

    /// Acknowledges over the server's connection; waiting has a connection of its own. `consumer` is the name in the group, unique among
    /// all that run and the same after a restart. `observe` is told of everything at once, for metrics.
    package init(
        _ server: RedisServer, consumer: String, options: RequestIntakeOptions = .init(), logger: Logger,
        observe: @escaping @Sendable (IntakeEvent) -> Void = { _ in }
    ) {
        redis = server.connection
        self.options = options
        self.logger = logger
        self.observe = observe
        self.consumer = consumer
        lanes = Mutex(IntakeLanes(options))
    }

    /// How many messages were read and wait for their turn, or for another try.
    package var waitingCount: Int { lanes.withLock { $0.waitingCount } }

    /// Tries those of a namespace again that wait for something of their own, such as an object's end.
    package func hurry(_ namespace: String) {
        lanes.withLock { $0.hurry(namespace, at: .now) }
        news.raise()
    }

    /// Hands messages over until the task is cancelled. Then nothing is lost: what isn't acknowledged stays pending.
    package func run(_ handle: @escaping @Sendable (IntakeMessage) async -> Verdict) async {
        lanes.withLock { $0 = IntakeLanes(options) }
        let reader = StreamReader(redis, consumer: consumer, options: options, logger: logger)
        defer { reader.close() }
        await withDiscardingTaskGroup { group in
            group.addTask { [self] in await read(reader) }
            while let item = await next() {
                group.addTask { [self] in
                    await settle(item, of: reader, handle)
                    news.raise()
                    room.raise()
                }
            }
        }
    }

    // MARK: Reading

    private func read(_ reader: StreamReader) async {
        var backoff = Self.pauses.delays
        while !Task.isCancelled {
            guard !lanes.withLock({ $0.isFull }) else {
                await room.wait()
                continue
            }
            switch await reader.next() {
            case .success(let batch):
                backoff.reset()
                for arrival in batch.arrivals { await take(arrival, isRedelivery: batch.isRedelivery, of: reader) }
            case .failure(let error):
                guard error.code != .cancelled, !Task.isCancelled else { return }
                report(error)
                try? await Task.sleep(for: backoff.next())
            }
        }
    }

    private func take(_ arrival: StreamReader.Arrival, isRedelivery: Bool, of reader: StreamReader) async {
        if let message = arrival.oversized, let excess = message.excess {
            observe(.delivered(isRedelivery: isRedelivery))
            return await reject(message, excess.description, of: reader)
        }
        let lane = arrival.namespace ?? options.namespace
        switch lanes.withLock({ $0.add(arrival.entry, lane: lane, at: .now) }) {
        case .isKnown:
            return
        case .waits:
            observe(.delivered(isRedelivery: isRedelivery))
            news.raise()
        case .refused(let reason):
            observe(.delivered(isRedelivery: isRedelivery))
            guard
                let found = await repeating({ () async throws(RedisError) in try await reader.fetch(arrival.entry) }),
                let message = found
            else { return }
            let words =
                "namespace: \(options.laneLength) messages wait for \"\(lane)\" already; send it again when they are "
                + "through. \(reason)"
            await reject(message, words, of: reader)
        }
    }

    // MARK: Settling

    /// The next message, when it is due; nil when the task is cancelled.
    private func next() async -> IntakeLanes.Item? {
        while !Task.isCancelled {
            let (item, due) = lanes.withLock { lanes in
                let item = lanes.take(at: .now)
                return (item, item == nil ? lanes.nextDue() : nil)
            }
            if let item { return item }
            await withTaskGroup { group in
                group.addTask { [news] in await news.wait() }
                if let due { group.addTask { try? await Task.sleep(until: due, clock: .continuous) } }
                await group.next()
                group.cancelAll()
            }
        }
        return nil
    }

    private func settle(
        _ item: IntakeLanes.Item, of reader: StreamReader, _ handle: @Sendable (IntakeMessage) async -> Verdict
    ) async {
        guard let found = await repeating({ () async throws(RedisError) in try await reader.fetch(item.entry) })
        else { return }
        guard let message = found else {
            // Only what is left of it in the group may still be there.
            _ = await repeating { () async throws(RedisError) in try await reader.acknowledge([item.entry]) }
            return lanes.withLock { $0.settled(item, isAccepted: false) }
        }
        switch await handle(message) {
        case .accepted:
            let isDone: Void? = await repeating { () async throws(RedisError) in
                try await reader.acknowledge([item.entry])
            }
            lanes.withLock { $0.settled(item, isAccepted: true) }
            if isDone != nil { observe(.accepted) }
        case .rejected(let reason):
            await reject(message, reason, of: reader)
            lanes.withLock { $0.settled(item, isAccepted: false) }
        case .postponed(let postponement):
            observe(.postponed)
            switch lanes.withLock({ $0.postponed(item, postponement, at: .now) }) {
            case .waits(let isNews):
                logger.log(
                    level: isNews ? .warning : .debug, "A request from Redis can't be created yet",
                    metadata: [
                        "namespace": "\(item.lane)", "entry": "\(item.entry)", "error": "\(postponement.reason)",
                    ])
            case .expired:
                let seconds = options.patience.components.seconds
                await reject(message, "refused for \(seconds) s: \(postponement.reason)", of: reader)
                lanes.withLock { $0.settled(item, isAccepted: false) }
            }
        }
    }

    private func reject(_ message: IntakeMessage, _ reason: String, of reader: StreamReader) async {
        let isDone: Void? = await repeating(
            { () async throws(RedisError) in try await reader.reject(message, reason: reason) },
            unless: { error in
                // The stream of the rejected ones takes nothing, which isn't a reason for others to wait. The message stays
                // pending, and comes again as those of dead consumers do.
                guard error.concernsRejected else { return false }
                logger.warning(
                    "A request can't be put among the rejected ones, and stays pending",
                    metadata: [
                        "entry": "\(message.entry)", "reason": "\(reason)", "error": "\(error.message)",
                        "stream": "\(options.rejectedStream)",
                    ])
                return true
            })
        guard isDone != nil else { return }
        logger.warning("Rejected a request", metadata: ["entry": "\(message.entry)", "reason": "\(reason)"])
        observe(.rejected(reason: reason))
    }

    /// Repeats what does no harm until Redis has done it; nil if the task was cancelled first, or `isGivenUp`.
    private func repeating<Value: Sendable>(
        _ body: () async throws(RedisError) -> Value, unless isGivenUp: (RedisError) -> Bool = { _ in false }
    ) async -> Value? {
        var backoff = Self.pauses.delays
        while true {
            switch await Result(catching: body) {
            case .success(let value):
                return value
            case .failure(let error):
                guard error.code != .cancelled, !Task.isCancelled else { return nil }
                report(error)
                guard !isGivenUp(error) else { return nil }
                guard (try? await Task.sleep(for: backoff.next())) != nil else { return nil }
            }
        }
    }

    private func report(_ error: RedisError) {
        observe(.failed(message: error.message))
        logger.debug("Requests can't be read from Redis", metadata: ["error": "\(error.message)"])
    }
}

extension RedisError {
    /// Whether Redis answers, and doesn't take this write.
    fileprivate var concernsRejected: Bool {
        switch code {
        case .server, .notPermitted, .outOfMemory: true
        default: false
        }
    }
}
