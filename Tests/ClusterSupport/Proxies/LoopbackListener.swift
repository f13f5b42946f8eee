import Foundation
import Glibc
import Synchronization

/// Takes connections on the loopback, with one HTTP request on each, and hands each to a thread of its own.
package final class LoopbackListener: Sendable {
    private struct State {
        /// Nil when it takes no connections any more.
        var listener: CInt?
        var isClosed = false
        var open: Set<CInt> = []
    }

    package let port: Int
    private let state: Mutex<State>

    package init() {
        let (listener, port) = LoopbackSocket.listen()
        self.port = port
        state = Mutex(State(listener: listener))
    }

    deinit {
        // Ends the wait for connections; the thread that waits closes it.
        state.withLock { state in
            if let listener = state.listener { shutdown(listener, CInt(SHUT_RDWR)) }
        }
    }

    /// Has `answer` answer whoever comes from now on, until this listener goes. `answer` blocks, and doesn't close. To be
    /// called once.
    package func start(_ answer: @escaping @Sendable (LoopbackRequest, CInt) -> Void) {
        guard let listener = state.withLock({ $0.listener }) else { return }
        Thread.detachNewThread { [weak self] in
            while true {
                let client = accept(listener, nil, nil)
                if client < 0, errno == EINTR || errno == ECONNABORTED { continue }
                guard client >= 0 else { break }
                Thread.detachNewThread { [weak self] in
                    self?.serve(client, answer)
                    close(client)
                }
            }
            self?.state.withLock { $0.listener = nil }
            close(listener)
        }
    }

    private func serve(_ client: CInt, _ answer: (LoopbackRequest, CInt) -> Void) {
        let isWelcome = state.withLock { state in
            if !state.isClosed { state.open.insert(client) }
            return !state.isClosed
        }
        defer { state.withLock { _ = $0.open.remove(client) } }
        guard isWelcome, let request = LoopbackSocket.readRequest(client) else { return }
        answer(request, client)
    }

    /// Ends all connections; with `forGood` no other gets an answer.
    package func cut(forGood: Bool) {
        state.withLock { state in
            state.isClosed = state.isClosed || forGood
            for descriptor in state.open { shutdown(descriptor, CInt(SHUT_RDWR)) }
        }
    }
}
