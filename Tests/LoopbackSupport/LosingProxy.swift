package import Foundation
import Synchronization

/// Stands before a server and loses its answers to what counts, with the connection: what was asked is done, and nobody
/// learns of it.
package final class LosingProxy: Sendable {
    private struct State {
        var rest = 0
        var lost = 0
    }

    private let state = Mutex(State())
    private let listener = LoopbackListener()

    /// `counts`: whether the answer to what the client says may be lost.
    package init(toPort port: Int, counts: @escaping @Sendable (Data) -> Bool) {
        listener.start { [self] client in
            guard let server = LoopbackConnection.open(toPort: port) else { return client.close() }
            let awaitsAnswer = Flag()
            server.relay(
                with: client,
                changing: { data in
                    if counts(data), takeOne() { awaitsAnswer.raise() }
                    return data
                },
                answering: { awaitsAnswer.isRaised ? nil : $0 })
            server.close()
        }
    }

    package var port: Int { listener.port }

    /// How many answers were lost.
    package var lost: Int { state.withLock { $0.lost } }

    /// Loses that number of the coming answers.
    package func lose(_ count: Int) { state.withLock { $0.rest = count } }

    package func stop() { listener.stop() }

    private func takeOne() -> Bool {
        state.withLock { state in
            guard state.rest > 0 else { return false }
            state.rest -= 1
            state.lost += 1
            return true
        }
    }
}
