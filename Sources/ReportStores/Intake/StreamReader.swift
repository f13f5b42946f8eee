import AsyncSupport
import Logging
import RedisClient
import Synchronization

/// Reads a stream as one consumer: what it left pending itself, then what dead consumers left, then new messages.
///
/// Of a message that comes it learns who it is for and how large it is; it is fetched when its turn has come.
final class StreamReader: Sendable {
    struct Batch {
        var arrivals: [Arrival]
        var isRedelivery: Bool
    }

    struct Arrival {
        let entry: String
        let namespace: String?
        /// Of one that is too large: what there is to say of it.
        let oversized: IntakeMessage?
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
        /// How often in a row the wait for new messages ended for nothing.
        var vainWakes = 0
    }

    private static let vainPauses = Backoff(first: .milliseconds(5), longest: .seconds(1))

    private let redis: RedisConnection
    // A command that waits would hold up every other.
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

    /// The next messages; none when the time to look elsewhere has come.
    func next() async -> Result<Batch, RedisError> {
        let result = await Result { () async throws(RedisError) in try await self.read() }
        if case .failure(let error) = result {
            state.withLock { state in
                // The group went with the data, or messages were delivered whose reply was lost: start over.
                if error.code == .noGroup { state.hasGroup = false }
                state.source = .ownPending(after: "0")
            }
        }
        return result
    }

    /// A message; nil if it is gone.
    func fetch(_ entry: String) async throws(RedisError) -> IntakeMessage? {
        guard let found = try await look(at: [entry], whole: true).first, found.fieldCount > 0 else { return nil }
        return found
    }

    func acknowledge(_ entries: [String]) async throws(RedisError) {
        _ = try await redis.send(
            RedisCommand("XACK", [.text(options.stream), .text(options.group)] + entries.map(RedisArgument.text)),
            isIdempotent: true)
    }

    /// Moves a message to the rejected ones and acknowledges it, in one step. Of one that is too large only
    /// its size and its first bytes are copied.
    func reject(_ message: IntakeMessage, reason: String) async throws(RedisError) {
        var kept: [RedisArgument] = [
            "rejected-entry", .text(message.entry), "rejected-reason", .text(reason),
        ]
        if message.excess != nil {
            kept += [
                "rejected-bytes", RedisArgument(message.bytes), "rejected-fields", RedisArgument(message.fieldCount),
            ]
        }
        kept += message.fields.flatMap { [RedisArgument.bytes($0.name), .bytes($0.value)] }
        let call = RedisScript.Call(
            keys: [.text(options.stream), .text(options.rejectedStream)],
            arguments: [.text(options.group), .text(message.entry), RedisArgument(options.rejectedLength)] + kept)
        _ = try await redis.run(IntakeScripts.reject, call, isIdempotent: true)
    }

    // MARK: Reading

    private func read() async throws(RedisError) -> Batch {
        try await ensureGroup()
        if state.withLock({ state in
            if case .new = state.source { state.lastLook.duration(to: .now) >= options.minimumIdle } else { false }
        }) {
            state.withLock { $0.source = .abandoned(cursor: "0-0") }
        }
        switch state.withLock({ $0.source }) {
        case .ownPending(let last): return try await readOwnPending(after: last)
        case .abandoned(let cursor): return try await claimAbandoned(from: cursor)
        case .new: return try await readNew()
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

    private func readOwnPending(after last: String) async throws(RedisError) -> Batch {
        let (messages, _) = try await readGroup(from: last)
        if let last = messages.last {
            state.withLock { $0.source = .ownPending(after: last.entry) }
        } else {
            state.withLock { $0.source = .abandoned(cursor: "0-0") }
        }
        return try await batch(messages, isRedelivery: true)
    }

    private func claimAbandoned(from cursor: String) async throws(RedisError) -> Batch {
        let reply = try await redis.send(
            RedisCommand(
                "XAUTOCLAIM", .text(options.stream), .text(options.group), .text(consumer),
                RedisArgument(options.minimumIdle.milliseconds), .text(cursor), "COUNT", RedisArgument(options.batch),
                "JUSTID"))
        guard let parts = reply.array, parts.count >= 2, let next = parts[0].string, let entries = parts[1].array
        else { throw redis.unexpectedReply("XAUTOCLAIM") }
        let ids = entries.compactMap(\.string)
        let messages = ids.isEmpty ? [] : try await look(at: ids, whole: false)
        state.withLock { state in
            if next == "0-0" {
                state.source = .new
                state.lastLook = .now
            } else {
                state.source = .abandoned(cursor: next)
            }
        }
        return try await batch(messages, isRedelivery: true)
    }

    private func readNew() async throws(RedisError) -> Batch {
        var (messages, last) = try await readGroup(from: ">")
        if messages.isEmpty {
            let begun = ContinuousClock.now
            try await wait(after: last)
            (messages, _) = try await readGroup(from: ">")
            if messages.isEmpty { await nothingCame(since: begun) }
        }
        if !messages.isEmpty { state.withLock { $0.vainWakes = 0 } }
        return try await batch(messages, isRedelivery: false)
    }

    /// Returns when something has been sent after that id, or after `block`. What was sent isn't read.
    private func wait(after last: String) async throws(RedisError) {
        let command = RedisCommand(
            "XREAD", "BLOCK", RedisArgument(options.block.milliseconds), "COUNT", "1", "STREAMS",
            .text(options.stream), .text(last))
        try await waiting.wait(for: command, timeout: redis.configuration.commandTimeout + options.block)
    }

    private func nothingCame(since begun: ContinuousClock.Instant) async {
        guard begun.duration(to: .now) * 2 < options.block else {
            // The time to look after others.
            return state.withLock { $0.source = .abandoned(cursor: "0-0") }
        }
        // Another consumer was faster, or what came was deleted. That must not become a busy loop.
        let wakes = state.withLock { state in
            state.vainWakes += 1
            return state.vainWakes
        }
        try? await Task.sleep(for: Self.vainPauses.delay(failures: wakes - 1))
    }

    private func readGroup(from id: String) async throws(RedisError) -> (messages: [IntakeMessage], last: String) {
        let call = RedisScript.Call(
            keys: [.text(options.stream)],
            arguments: [.text(options.group), .text(consumer), RedisArgument(options.batch), .text(id)]
                + IntakeScripts.limits)
        let reply = try await redis.run(IntakeScripts.next, call)
        guard let parts = reply.array, parts.count == 2, let entries = parts[0].array, let last = parts[1].string else {
            throw redis.unexpectedReply("XREADGROUP")
        }
        return (try messages(entries), last)
    }

    private func look(at ids: [String], whole: Bool) async throws(RedisError) -> [IntakeMessage] {
        let call = RedisScript.Call(
            keys: [.text(options.stream)],
            arguments: IntakeScripts.limits + [whole ? "1" : "0"] + ids.map(RedisArgument.text))
        let reply = try await redis.run(IntakeScripts.look, call, isIdempotent: true)
        return try messages(reply.array ?? [])
    }

    private func messages(_ entries: [RedisReply]) throws(RedisError) -> [IntakeMessage] {
        var messages: [IntakeMessage] = []
        for entry in entries {
            guard let parts = entry.array, parts.count == 5, let id = parts[0].string, let bytes = parts[1].integer,
                let count = parts[2].integer, let namespace = parts[3].bytes, let texts = parts[4].array
            else { throw redis.unexpectedReply("the intake's script") }
            let fields = stride(from: 0, to: texts.count - 1, by: 2).map {
                IntakeMessage.Field(name: texts[$0].bytes ?? [], value: texts[$0 + 1].bytes ?? [])
            }
            messages.append(
                IntakeMessage(
                    entry: id, fields: fields, bytes: Int(bytes), fieldCount: Int(count) / 2,
                    namespace: namespace.isEmpty ? nil : String(decoding: namespace, as: UTF8.self)))
        }
        return messages
    }

    /// Without entries that are pending but were deleted from the stream: these are acknowledged, as nothing is left
    /// of them. A stream's entry has at least one field.
    private func batch(_ messages: [IntakeMessage], isRedelivery: Bool) async throws(RedisError) -> Batch {
        let deleted = messages.filter { $0.fieldCount == 0 }.map(\.entry)
        if !deleted.isEmpty { try await acknowledge(deleted) }
        let arrivals = messages.filter { $0.fieldCount > 0 }.map { message in
            Arrival(
                entry: message.entry, namespace: message.namespace,
                oversized: message.excess == nil ? nil : message)
        }
        return Batch(arrivals: arrivals, isRedelivery: isRedelivery)
    }
}
