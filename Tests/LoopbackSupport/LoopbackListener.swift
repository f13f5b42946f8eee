import Foundation
import Glibc
import Synchronization

/// Takes connections on the loopback and hands each to a thread of its own.
///
/// It listens until it is stopped, or the process ends: a test's last mention of its server is not the last use of it.
///
/// For example:
/// ```swift
/// let server = LoopbackListener { connection in
///     while let request = connection.readRequest() { connection.respond(request.line) }
/// }
/// ```
package final class LoopbackListener: Sendable {
    private struct State {
        var isStopped = false
        /// Whether nobody gets an answer any more.
        var isClosed = false
        var accepted = 0
        var open: Set<CInt> = []
    }

    package let port: Int
    private let descriptor: CInt
    private let state = Mutex(State())

    /// It listens on `127.0.0.HOST`, or on `[::1]` with `isIPv6`.
    package init(isIPv6: Bool = false, host: UInt8 = 1) {
        (descriptor, port) = LoopbackSocket.listen(isIPv6: isIPv6, host: host)
    }

    /// One that has begun already.
    package convenience init(isIPv6: Bool = false, serve: @escaping @Sendable (LoopbackConnection) -> Void) {
        self.init(isIPv6: isIPv6)
        start(serve)
    }

    /// How to reach it, without a path.
    package var address: String { "http://127.0.0.1:\(port)" }

    /// How many connections came in so far.
    package var connectionCount: Int { state.withLock { $0.accepted } }

    /// How many connections are open on this side.
    package var openCount: Int { state.withLock { $0.open.count } }

    /// Has `serve` serve all connections from now on. It blocks; the connection is closed after it. To be called once.
    package func start(_ serve: @escaping @Sendable (LoopbackConnection) -> Void) {
        Thread.detachNewThread { [self] in
            while let client = acceptNext() {
                guard let number = welcome(client) else {
                    close(client)
                    continue
                }
                Thread.detachNewThread { [self] in
                    serve(LoopbackConnection(client, number: number))
                    // Closed under the lock: nobody shuts another's connection that has come to the same descriptor.
                    state.withLock { state in
                        state.open.remove(client)
                        _ = close(client)
                    }
                }
            }
            close(descriptor)
        }
    }

    /// Ends all connections; with `forGood` no other gets an answer.
    package func cut(forGood: Bool) {
        state.withLock { state in
            state.isClosed = state.isClosed || forGood
            for client in state.open { shutdown(client, CInt(SHUT_RDWR)) }
        }
    }

    /// Ends all connections, and takes no other.
    package func stop() {
        cut(forGood: true)
        let isFirst = state.withLock { state in
            defer { state.isStopped = true }
            return !state.isStopped
        }
        // Ends the wait for connections; the thread that waits closes it.
        if isFirst { shutdown(descriptor, CInt(SHUT_RDWR)) }
    }

    private func acceptNext() -> CInt? {
        while true {
            let client = accept(descriptor, nil, nil)
            if client >= 0 { return client }
            // A child process that ends interrupts calls of other threads.
            guard errno == EINTR || errno == ECONNABORTED else { return nil }
        }
    }

    /// The connection's number, from 1; nil where it gets no answer.
    private func welcome(_ client: CInt) -> Int? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            state.accepted += 1
            state.open.insert(client)
            return state.accepted
        }
    }
}
