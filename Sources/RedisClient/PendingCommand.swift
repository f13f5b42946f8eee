import Synchronization

/// One or more commands that were sent together, shared by the task that waits and the thread that carries them out.
final class PendingCommand: Sendable {
    typealias Outcome = Result<[RedisReply], RedisError>
    typealias Waiter = CheckedContinuation<Outcome, Never>

    private enum State {
        case created
        case waiting(Waiter)
        /// Over before anybody waited.
        case ended(Outcome)
        case over
    }

    /// As they go over the wire.
    let bytes: [UInt8]
    let replyCount: Int
    /// Whether an answer other than `OK` is one too many, after which nothing on this connection can be relied on.
    let isSilent: Bool
    let deadline: ContinuousClock.Instant
    /// Whether it may be sent again after a connection broke.
    let isIdempotent: Bool
    private let state = Mutex(State.created)
    private let sent = Atomic(false)

    init(_ commands: [RedisCommand], timeout: Duration, isIdempotent: Bool) {
        var bytes: [UInt8] = []
        for command in commands { command.encode(into: &bytes) }
        self.bytes = bytes
        replyCount = commands.count
        isSilent = false
        deadline = .now + timeout
        self.isIdempotent = isIdempotent
    }

    /// A command that the server carries out without answering it, between two that answer with one `OK`.
    init(silent command: RedisCommand, timeout: Duration) {
        var bytes: [UInt8] = []
        for command in [RedisCommand("CLIENT", "REPLY", "OFF"), command, RedisCommand("CLIENT", "REPLY", "ON")] {
            command.encode(into: &bytes)
        }
        self.bytes = bytes
        replyCount = 1
        isSilent = true
        deadline = .now + timeout
        isIdempotent = true
    }

    /// Waits for the end. Cancelling the task ends it at once; what was sent already may still be carried out.
    func outcome(postingTo mailbox: ConnectionMailbox) async -> Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let ended: Outcome? = state.withLock { state in
                    if case .ended(let outcome) = state {
                        state = .over
                        return outcome
                    }
                    state = .waiting(waiter)
                    return nil
                }
                if let ended { return waiter.resume(returning: ended) }
                if !mailbox.post(self) {
                    finish(.failure(RedisError(.closed, "The connection to Redis was closed")))
                }
            }
        } onCancel: {
            finish(
                .failure(
                    RedisError(
                        .cancelled, "The command to Redis was cancelled",
                        mayHaveReachedServer: sent.load(ordering: .acquiring))))
        }
    }

    /// Ends it, if nothing has yet.
    func finish(_ outcome: Outcome) {
        let waiter: Waiter? = state.withLock { state in
            switch state {
            case .created:
                state = .ended(outcome)
                return nil
            case .waiting(let waiter):
                state = .over
                return waiter
            case .ended, .over:
                return nil
            }
        }
        waiter?.resume(returning: outcome)
    }

    /// Whether nobody waits any more.
    var isOver: Bool {
        state.withLock { state in
            switch state {
            case .created, .waiting: false
            case .ended, .over: true
            }
        }
    }

    func markSent() { sent.store(true, ordering: .releasing) }
}
