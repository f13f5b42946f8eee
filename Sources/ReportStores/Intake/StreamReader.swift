import AsyncSupport
import Logging
import RedisClient
import Synchronization

/// Reads a stream as one consumer: what it left pending itself, then what dead consumers left, then new messages.
final class StreamReader: Sendable {
    struct Batch {
        var messages: [IntakeMessage]
        var isRedelivery: Bool
    }

    private enum Source {
        /// Own messages that were delivered before, after that id.
        case ownPending(after: String)
        /// Of others, from that cursor on.
        case abandoned(cursor: String)
        case new
    }

    private struct State {
        var source = Source.ownPending(after: "0")
        var hasGroup = false
        var lastLook = ContinuousClock.now
    }

    private let redis: RedisConnection
    // A read that waits would hold up every other command.
    private let waiting: RedisConnection
    private let consumer: String
    private let options: RequestIntakeOptions
    private let state = Mutex(State())

    init(_ redis: RedisConnection, consumer: String, options: RequestIntakeOptions, logger: Logger) {
        self.redis = redis
        self.consumer = consumer
        self.options = options
        waiting = RedisConnection(redis.configuration, logger: logger)
    }

    /// Ends the connection that waits, and with it a wait that Redis may still be in.
    func close() { waiting.close() }

    /// The next messages, at most so many; none when the time to look elsewhere has come.
    func next(_ count: Int) async -> Result<Batch, RedisError> {
        let result = await outcome { () async throws(RedisError) in try await self.read(count) }
        if case .failure(let error) = result {
            state.withLock { state in
                // The group went with the data, or messages were delivered whose reply was lost: begin anew.
                if error.code == .noGroup { state.hasGroup = false }
                state.source = .ownPending(after: "0")
            }
        }
        return result
    }

    func acknowledge(_ entries: [String]) async throws(RedisError) {
        _ = try await redis.send(
            RedisCommand("XACK", [.text(options.stream), .text(options.group)] + entries.map(RedisArgument.text)),
            isIdempotent: true)
    }

    /// Moves a message to the rejected ones and acknowledges it, in one step.
    func reject(_ message: IntakeMessage, reason: String) async throws(RedisError) {
        let fields = message.fields.flatMap { [RedisArgument.bytes($0.name), .bytes($0.value)] }
        let call = RedisScript.Call(
            keys: [.text(options.stream), .text(options.rejectedStream)],
            arguments: [
                .text(options.group), .text(message.entry), RedisArgument(options.rejectedLength),
                "rejected-entry", .text(message.entry), "rejected-reason", .text(reason),
            ] + fields)
        _ = try await redis.run(Self.rejection, call, isIdempotent: true)
    }

    // A message that isn't pending any more was rejected already, so that it stands there once. `unpack` bounds how
    // many fields there may be; what is beyond is of no use to the reader of a rejected message.
    private static let rejection = RedisScript(
        """
        if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
        redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', unpack(ARGV, 4, math.min(#ARGV, 1003)))
        return 1
        """)

    // MARK: Reading

    private func read(_ count: Int) async throws(RedisError) -> Batch {
        try await ensureGroup()
        if state.withLock({ state in
            if case .new = state.source { state.lastLook.duration(to: .now) >= options.minimumIdle } else { false }
        }) {
            state.withLock { $0.source = .abandoned(cursor: "0-0") }
        }
        switch state.withLock({ $0.source }) {
        case .ownPending(let last): return try await readOwnPending(after: last, count)
        case .abandoned(let cursor): return try await claimAbandoned(from: cursor, count)
        case .new: return try await readNew(count)
        }
    }

    private func ensureGroup() async throws(RedisError) {
        guard !state.withLock({ $0.hasGroup }) else { return }
        // From the beginning: what was sent before the group existed, or after its data was lost, counts too.
        let command = RedisCommand(
            "XGROUP", "CREATE", .text(options.stream), .text(options.group), "0", "MKSTREAM")
        let reply = try await redis.sendAll([command], isIdempotent: true)
        if case .error(let error) = reply[0], error.code != "BUSYGROUP" { throw redis.error(error) }
        state.withLock { $0.hasGroup = true }
    }

    private func readOwnPending(after last: String, _ count: Int) async throws(RedisError) -> Batch {
        let messages = try await readGroup(count, from: last, block: nil)
        if let last = messages.last {
            state.withLock { $0.source = .ownPending(after: last.entry) }
        } else {
            state.withLock { $0.source = .abandoned(cursor: "0-0") }
        }
        return Batch(messages: try await droppingDeleted(messages), isRedelivery: true)
    }

    private func claimAbandoned(from cursor: String, _ count: Int) async throws(RedisError) -> Batch {
        let reply = try await redis.send(
            RedisCommand(
                "XAUTOCLAIM", .text(options.stream), .text(options.group), .text(consumer),
                RedisArgument(options.minimumIdle.milliseconds), .text(cursor), "COUNT", RedisArgument(count)))
        guard let parts = reply.array, parts.count >= 2, let next = parts[0].string, let entries = parts[1].array
        else { throw redis.unexpectedReply("XAUTOCLAIM") }
        state.withLock { state in
            if next == "0-0" {
                state.source = .new
                state.lastLook = .now
            } else {
                state.source = .abandoned(cursor: next)
            }
        }
        return Batch(messages: try await droppingDeleted(try messages(entries)), isRedelivery: true)
    }

    private func readNew(_ count: Int) async throws(RedisError) -> Batch {
        let messages = try await readGroup(count, from: ">", block: options.block)
        // Nothing came for a while: the time to look after others.
        if messages.isEmpty { state.withLock { $0.source = .abandoned(cursor: "0-0") } }
        return Batch(messages: messages, isRedelivery: false)
    }

    private func readGroup(
        _ count: Int, from id: String, block: Duration?
    ) async throws(RedisError) -> [IntakeMessage] {
        var command: [RedisArgument] = [
            "GROUP", .text(options.group), .text(consumer), "COUNT", RedisArgument(count),
        ]
        if let block { command += ["BLOCK", RedisArgument(block.milliseconds)] }
        command += ["STREAMS", .text(options.stream), .text(id)]
        let timeout = redis.configuration.commandTimeout + (block ?? .zero)
        let reply = try await waiting.send(RedisCommand("XREADGROUP", command), timeout: timeout)
        if reply.isNull { return [] }
        guard let streams = reply.array, let entries = streams.first?.array?.last?.array else {
            throw redis.unexpectedReply("XREADGROUP")
        }
        return try messages(entries)
    }

    private func messages(_ entries: [RedisReply]) throws(RedisError) -> [IntakeMessage] {
        var messages: [IntakeMessage] = []
        for entry in entries {
            // Redis 6.2 names deleted entries so.
            if entry.isNull { continue }
            guard let parts = entry.array, parts.count == 2, let id = parts[0].string else {
                throw redis.unexpectedReply("XREADGROUP")
            }
            let texts = (parts[1].array ?? []).map { $0.bytes ?? [] }
            let fields = stride(from: 0, to: texts.count - 1, by: 2).map {
                IntakeMessage.Field(name: texts[$0], value: texts[$0 + 1])
            }
            messages.append(IntakeMessage(entry: id, fields: fields))
        }
        return messages
    }

    /// Without entries that are pending but were deleted from the stream: these are acknowledged, as nothing is left
    /// of them. A stream's entry has at least one field.
    private func droppingDeleted(_ messages: [IntakeMessage]) async throws(RedisError) -> [IntakeMessage] {
        let deleted = messages.filter(\.fields.isEmpty).map(\.entry)
        if !deleted.isEmpty { try await acknowledge(deleted) }
        return messages.filter { !$0.fields.isEmpty }
    }
}
