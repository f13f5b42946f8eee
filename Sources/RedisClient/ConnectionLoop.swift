import AsyncSupport
import Glibc
import Logging

/// Carries commands out over one connection, on a thread of its own, which sleeps in `poll` until the socket or a task
/// has something for it. Made, used and released on that thread; tasks talk to it through its mailbox.
///
/// Of hiredis it uses the parser alone. The rest of its synchronous interface resolves names and connects by blocking,
/// and its asynchronous one would want an adapter as long as this loop, and knows no deadline for a command.
///
/// A command's life: mail → `waiting` (for a connection) → `inFlight` (its bytes are in `output`) → its replies.
final class ConnectionLoop {
    typealias Instant = ContinuousClock.Instant

    /// A command whose replies are to come, in the order in which the commands went out.
    private struct InFlight {
        let command: PendingCommand
        var replies: [RedisReply] = []
        let sentAt: Instant
        /// Where its bytes begin in all that was written to this connection.
        let offset: Int
    }

    let mailbox: ConnectionMailbox
    let configuration: RedisConfiguration
    let role: ConnectionRole
    let wakeup: WakeDescriptor
    let logger: Logger

    private var waiting = CommandQueue<PendingCommand>()
    private var inFlight = CommandQueue<InFlight>()
    /// The earliest deadline of all commands; too early once that command is done, which costs one look more.
    var nextDeadline: Instant?
    var isClosed = false

    private var socket: NetworkSocket?
    var reader = ReplyReader()
    private var output: [UInt8] = []
    private var outputStart = 0
    private var written = 0
    private var writeEvents: CShort = 0
    private var connectedAt = Instant.now
    private var lastReceived = Instant.now
    private var isToBeReplaced = false

    private var failures = 0
    private var nextAttempt = Instant.now
    private var lastFailure: RedisError?

    // Small commands are most of the traffic; more would stay resident for nothing.
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 * 1024, alignment: 16)
    // What isn't in the socket's hands yet can still be cancelled or sent over another connection.
    private static let outputLimit = 1 << 20

    init(
        mailbox: ConnectionMailbox, configuration: RedisConfiguration, role: ConnectionRole, wakeup: WakeDescriptor,
        logger: Logger
    ) {
        self.mailbox = mailbox
        self.configuration = configuration
        self.role = role
        self.wakeup = wakeup
        self.logger = logger
    }

    deinit { buffer.deallocate() }

    var server: String { configuration.sanitizedURL }

    /// Works until the mailbox is closed.
    func run() {
        while true {
            takeMail()
            guard !isClosed else { break }
            expire()
            if socket == nil, wantsConnection, nextAttempt <= .now {
                connectAndReport()
                continue
            }
            submit()
            flush()
            sleep()
        }
        let error = RedisError(.closed, "The connection to Redis was closed")
        waiting.takeAll().forEach { $0.finish(.failure(error)) }
        let sent = RedisError(.closed, error.message, mayHaveReachedServer: true)
        inFlight.takeAll().forEach { $0.command.finish(.failure(sent)) }
    }

    private var wantsConnection: Bool { role.isAlwaysConnected || !waiting.isEmpty }

    func takeMail() {
        wakeup.reset()
        let mail = mailbox.take()
        for command in mail.commands {
            waiting.append(command)
            nextDeadline = nextDeadline.map { min($0, command.deadline) } ?? command.deadline
        }
        isClosed = mail.isClosed
    }

    // MARK: Sending

    private func submit() {
        guard socket != nil else { return }
        var now: Instant?
        while output.count - outputStart < Self.outputLimit, let command = waiting.popFirst() {
            guard !command.isOver else { continue }
            let sentAt = now ?? .now
            now = sentAt
            command.markSent()
            inFlight.append(
                InFlight(command: command, sentAt: sentAt, offset: written + output.count - outputStart))
            output.append(contentsOf: command.bytes)
        }
    }

    private func flush() {
        writeEvents = 0
        while let socket, outputStart < output.count {
            let progress = output.withUnsafeBytes { socket.send(UnsafeRawBufferPointer(rebasing: $0[outputStart...])) }
            switch progress {
            case .count(let count):
                outputStart += count
                written += count
            case .wouldBlock(let events):
                writeEvents = events
                return
            case .end: return drop("Redis closed the connection")
            case .failed(let reason): return drop("the connection broke (\(reason))")
            }
        }
        output.removeAll(keepingCapacity: output.count <= 64 * 1024)
        outputStart = 0
    }

    // MARK: Waiting

    private func sleep() {
        var until = nextDeadline
        if socket == nil, wantsConnection { until = min(until ?? nextAttempt, nextAttempt) }
        if poll(socket?.descriptor, events: CShort(POLLIN) | writeEvents, until: until) { receive() }
    }

    /// Sleeps until the socket has events (true), the mailbox is woken, or the time has come.
    func poll(_ descriptor: CInt?, events: CShort, until: Instant?) -> Bool {
        let milliseconds = until.map { CInt(clamping: Instant.now.duration(to: $0).wholeMilliseconds) } ?? -1
        var entries = [
            pollfd(fd: wakeup.descriptor, events: CShort(POLLIN), revents: 0),
            // Negative ones are ignored.
            pollfd(fd: descriptor ?? -1, events: events, revents: 0),
        ]
        return Glibc.poll(&entries, 2, milliseconds) > 0 && entries[1].revents != 0
    }

    // MARK: Receiving

    private func receive() {
        // The bound lets deadlines and new commands have their turn under a flood of replies.
        for _ in 0..<64 {
            guard let socket else { return }
            switch socket.receive(into: buffer) {
            case .count(let count):
                lastReceived = .now
                take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            case .wouldBlock(let events):
                writeEvents |= events & CShort(POLLOUT)
                return
            case .end: return drop("Redis closed the connection")
            case .failed(let reason): return drop("the connection broke (\(reason))")
            }
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        do throws(RedisError) {
            try reader.feed(bytes)
            while let reply = try reader.next() {
                try deliver(reply)
                guard socket != nil else { return }
            }
        } catch {
            drop("what came was not understood", error)
        }
    }

    private func deliver(_ reply: RedisReply) throws(RedisError) {
        if case .subscription(_, let buffer) = role {
            if !buffer.take(reply) { throw .unexpectedReply("SUBSCRIBE", server: server) }
            return
        }
        guard !inFlight.isEmpty else {
            if case .error(let error) = reply { throw RedisError(error, server: server) }
            throw .unexpectedReply("nothing", server: server)
        }
        // A demoted primary: its name may stand for another server now, which a new connection finds.
        if case .error(let error) = reply, error.code == "READONLY" { isToBeReplaced = true }
        let isComplete = inFlight.withFirst { entry in
            entry.replies.append(reply)
            return entry.replies.count == entry.command.replyCount
        }
        guard isComplete, let entry = inFlight.popFirst() else { return }
        entry.command.finish(.success(entry.replies))
        if entry.command.isSilent, reply != .simple("OK") { return drop("it answers what it was asked not to answer") }
        if isToBeReplaced, inFlight.isEmpty { drop("the server has become read-only") }
    }

    // MARK: Deadlines

    func expire() {
        if waiting.isEmpty, inFlight.isEmpty { nextDeadline = nil }
        guard let due = nextDeadline, due <= .now else { return }
        let now = Instant.now
        var next: Instant?
        func check(_ command: PendingCommand, _ error: @autoclosure () -> RedisError) -> Bool {
            guard !command.isOver else { return false }
            if command.deadline <= now {
                command.finish(.failure(error()))
                return true
            }
            next = next.map { min($0, command.deadline) } ?? command.deadline
            return false
        }
        waiting.forEach { _ = check($0, lateConnection) }
        waiting.removeAll(where: \.isOver)
        var isSilent = false
        inFlight.forEach { entry in
            let late = RedisError(
                .timeout, "Redis at \(server) did not answer in time: it is overloaded, stopped or cut off",
                mayHaveReachedServer: true)
            if check(entry.command, late), lastReceived < entry.sentAt { isSilent = true }
        }
        nextDeadline = next
        // Replies come in order: where nothing came since a command went out, whatever waits behind it is lost too.
        if isSilent { drop("it was silent for too long") }
    }

    private var lateConnection: RedisError {
        lastFailure ?? RedisError(.timeout, "No connection to Redis at \(server) in time")
    }

    // MARK: Ending a connection

    /// Ends the connection. What Redis can't have seen waits for the next one, as does what may be sent twice; the
    /// outcome of the rest is unknown.
    private func drop(_ reason: String, _ cause: RedisError? = nil) {
        guard socket != nil else { return }
        socket = nil
        reader = ReplyReader()
        let error =
            cause
            ?? RedisError(
                .connectionLost, "The connection to Redis at \(server) was lost before its answer came: \(reason)",
                mayHaveReachedServer: true)
        var again: [PendingCommand] = []
        for entry in inFlight.takeAll() where !entry.command.isOver {
            if entry.command.isIdempotent || entry.offset >= written {
                again.append(entry.command)
            } else {
                entry.command.finish(.failure(error))
            }
        }
        waiting.prepend(again)
        output = []
        outputStart = 0
        written = 0
        writeEvents = 0
        isToBeReplaced = false
        // One that held for a while is replaced at once. One that breaks at once would be replaced in a busy loop.
        failures = connectedAt.duration(to: .now) < .seconds(1) ? failures + 1 : 0
        nextAttempt =
            failures == 0 ? Instant.now : Instant.now + configuration.backoff.delay(failures: max(failures, 1) - 1)
        logger.info("Lost the connection to Redis", metadata: ["redis": "\(server)", "reason": "\(reason)"])
    }

    // MARK: Connecting

    private func connectAndReport() {
        do throws(RedisError) {
            let failuresBefore = failures
            let next = try connect(until: .now + configuration.connectTimeout)
            connectedAt = .now
            socket = next
            lastReceived = .now
            if lastFailure != nil { logger.info("Connected to Redis again", metadata: ["redis": "\(server)"]) }
            lastFailure = nil
            failures = failuresBefore
            if case .subscription(let channels, let buffer) = role {
                buffer.begin(channels)
                RedisCommand("SUBSCRIBE", channels.map(RedisArgument.text)).encode(into: &output)
            }
        } catch {
            guard error.code != .closed else { return }
            reader = ReplyReader()
            failures += 1
            nextAttempt = .now + configuration.backoff.delay(failures: max(failures, 1) - 1)
            // The same every few seconds says nothing new.
            if lastFailure?.message != error.message {
                logger.warning("Can't connect to Redis", metadata: ["redis": "\(server)", "error": "\(error.message)"])
            }
            lastFailure = error
            // Waiting for the deadline would change nothing: somebody has to act.
            if [.authentication, .notPermitted, .tls, .invalidConfiguration].contains(error.code) {
                waiting.takeAll().forEach { $0.finish(.failure(error)) }
            }
        }
    }
}

/// What a connection is for.
enum ConnectionRole: Sendable {
    /// Commands of many tasks; it connects when there is one to send.
    case commands
    /// Messages of these channels; it is connected all the time.
    case subscription([String], SubscriptionBuffer)

    var isAlwaysConnected: Bool {
        switch self {
        case .commands: false
        case .subscription: true
        }
    }
}
