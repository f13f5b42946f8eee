import AsyncSupport
package import MailMessages
import Synchronization

/// Sends mail through one server, each message in a transaction of its own, over connections that are kept.
///
/// For example:
///
///     let transport = MailTransport(to: try MailServer("smtps://smtp.example.com"))
///     switch await transport.send(message, as: .password(user: "reports", password: secret), by: .now + .seconds(60)) {
///     case .sent(let words): …
///     }
package final class MailTransport: Sendable {
    package let server: MailServer
    private let workers: WorkerThreads
    private let idle = IdleConnections()

    /// `connections`: how many at once, each with a thread while it is busy.
    package init(to server: MailServer, connections: Int = 1) {
        self.server = server
        workers = WorkerThreads(named: "mail", limit: connections)
    }

    deinit {
        // Closing them waits for the server, which must not hold up the last owner.
        workers.post { [idle] in idle.removeAll() }
    }

    /// Sends the message, or says why not; cancelled, it stops unless the whole message is out.
    ///
    /// At `deadline` it is cut, at whatever point. `mayBegin` is asked just before the message itself, on a thread that
    /// may block for a moment; false stops.
    package func send(
        _ message: MailMessage, as credentials: MailServer.Credentials? = nil, by deadline: ContinuousClock.Instant,
        mayBegin: @escaping @Sendable () -> Bool = { true }
    ) async -> MailOutcome {
        await perform(message, credentials, deadline, mayBegin)
    }

    /// Connects, secures the connection, signs in and says NOOP: `sent` where a message could be sent.
    package func check(
        as credentials: MailServer.Credentials? = nil, by deadline: ContinuousClock.Instant
    ) async -> MailOutcome {
        await perform(nil, credentials, deadline) { true }
    }

    private func perform(
        _ message: MailMessage?, _ credentials: MailServer.Credentials?, _ deadline: ContinuousClock.Instant,
        _ mayBegin: @escaping @Sendable () -> Bool
    ) async -> MailOutcome {
        let cancelled = Cancellation()
        let job = MailJob(
            server: server, credentials: credentials, message: message, deadline: deadline, mayBegin: mayBegin,
            isCancelled: { cancelled.isRequested })
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                workers.post { [self] in
                    let connection = idle.take() ?? MailConnection()
                    let outcome = connection.perform(job)
                    idle.add(connection)
                    continuation.resume(returning: outcome)
                }
            }
        } onCancel: {
            cancelled.request()
        }
    }

    private final class Cancellation: Sendable {
        private let flag = Atomic(false)

        var isRequested: Bool { flag.load(ordering: .acquiring) }

        func request() { flag.store(true, ordering: .releasing) }
    }

    /// Connections that wait for the next message.
    private final class IdleConnections: Sendable {
        private let connections = Mutex<[MailConnection]>([])

        func take() -> MailConnection? { connections.withLock { $0.popLast() } }

        func add(_ connection: MailConnection) { connections.withLock { $0.append(connection) } }

        /// Ends them on this thread, and on no other.
        func removeAll() { while take() != nil {} }
    }
}
