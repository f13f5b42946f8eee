import AsyncSupport
package import Logging

/// One connection to Redis that many tasks share: their commands go out together and their replies come back in order.
///
/// It connects at the first command and again whenever one finds it broken; an idle one sleeps. A command waits for a
/// connection until its time limit. One whose connection broke after it was sent has an unknown outcome: it fails with
/// `mayHaveReachedServer`, and is sent again only where the caller says that it is idempotent.
///
/// For example: `try await redis.send(RedisCommand("INCR", "visits")).integer`
///
/// A command that makes Redis wait (`XREADGROUP … BLOCK`) holds up all behind it and wants a connection of its own.
package final class RedisConnection: Sendable {
    package let configuration: RedisConfiguration
    private let mailbox: ConnectionMailbox

    package init(_ configuration: RedisConfiguration, logger: Logger) {
        self.configuration = configuration
        mailbox = ConnectionMailbox { mailbox, wakeup in
            NativeThread.start(named: "redis") {
                ConnectionLoop(
                    mailbox: mailbox, configuration: configuration, role: .commands, wakeup: wakeup, logger: logger
                ).run()
            }
        }
    }

    deinit { mailbox.close() }

    /// Ends the connection for good; whatever is under way fails with `closed`.
    package func close() { mailbox.close() }

    /// Sends a command and waits for its reply, which is never an error. Cancelling the task returns at once.
    /// `timeout` is from now until the reply; the configuration's `commandTimeout` when nil.
    package func send(
        _ command: RedisCommand, timeout: Duration? = nil, isIdempotent: Bool = false
    ) async throws(RedisError) -> RedisReply {
        let replies = try await sendAll([command], timeout: timeout, isIdempotent: isIdempotent)
        if case .error(let error) = replies[0] { throw self.error(error) }
        return replies[0]
    }

    /// Sends commands in one go and waits for all replies, in the same order; an error that Redis answered is one of
    /// them. All of them have one time limit, and one fate when the connection breaks.
    package func sendAll(
        _ commands: [RedisCommand], timeout: Duration? = nil, isIdempotent: Bool = false
    ) async throws(RedisError) -> [RedisReply] {
        guard !commands.isEmpty else { return [] }
        let pending = PendingCommand(
            commands, timeout: timeout ?? configuration.commandTimeout, isIdempotent: isIdempotent)
        return try await pending.outcome(postingTo: mailbox).get()
    }

    /// Returns when a command that makes Redis wait is over, whatever came of it: its reply isn't even sent, however large
    /// it would have been.
    package func wait(for command: RedisCommand, timeout: Duration) async throws(RedisError) {
        let pending = PendingCommand(silent: command, timeout: timeout)
        guard let reply = try await pending.outcome(postingTo: mailbox).get().first else { return }
        if case .error(let error) = reply { throw self.error(error) }
    }

    /// An error reply of this server as an error to throw.
    package func error(_ error: RedisServerError) -> RedisError {
        RedisError(error, server: configuration.sanitizedURL)
    }

    /// For a reply whose shape is not that of the command.
    package func unexpectedReply(_ command: String) -> RedisError {
        .unexpectedReply(command, server: configuration.sanitizedURL)
    }
}
