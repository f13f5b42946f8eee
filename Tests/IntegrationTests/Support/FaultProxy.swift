import KubernetesClient
import LoopbackSupport
import Synchronization

/// Stands between an operator and the API server and loses requests or answers.
///
/// Upstream is `kubectl proxy`, so that requests can be read here; each connection carries one of them.
final class FaultProxy: Sendable {
    struct Call: Sendable {
        let method: String
        let path: String
        /// The how-manieth write it is, from 1; 0 for a read.
        let writeNumber: Int

        var isWrite: Bool { writeNumber > 0 }
    }

    enum Fault: Sendable {
        case none
        /// The API server never sees it.
        case loseRequest
        /// The API server has done it, and nobody learns of it.
        case loseAnswer
        /// As `loseAnswer`, and from then on nothing passes any more.
        case loseAnswerAndCrash
    }

    private struct State {
        var writes = 0
        var hasCrashed = false
        var crash: CheckedContinuation<Void, Never>?
    }

    private let listener = LoopbackListener()
    private let upstream: Int
    private let fault: @Sendable (Call) -> Fault
    private let state = Mutex(State())

    init(upstream: Int, fault: @escaping @Sendable (Call) -> Fault) {
        self.upstream = upstream
        self.fault = fault
        listener.start { [weak self] client in
            if let request = client.readRequest() { self?.carry(request, to: client) }
        }
    }

    deinit { listener.stop() }

    /// How to reach the API server through it.
    var configuration: ClientConfiguration {
        ClientConfiguration(server: listener.address)
    }

    /// How many writes have come so far.
    var writes: Int { state.withLock { $0.writes } }

    /// Does it until it is done or `loseAnswerAndCrash` has happened.
    func untilCrash(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.waitForCrash() }
            group.addTask { try await body() }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Returns when `loseAnswerAndCrash` has happened, or the task is cancelled.
    func waitForCrash() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.hasCrashed || Task.isCancelled { return true }
                    state.crash = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.crash.take() }?.resume()
        }
    }

    private func carry(_ request: LoopbackRequest, to client: LoopbackConnection) {
        let number =
            request.method == "GET"
            ? 0
            : state.withLock {
                $0.writes += 1; return $0.writes
            }
        let fault = fault(Call(method: request.method, path: request.target, writeNumber: number))
        if case .loseRequest = fault { return }
        guard let server = LoopbackConnection.open(toPort: upstream) else { return }
        defer { server.close() }
        guard server.write(request.bytes()) else { return }
        switch fault {
        case .none, .loseRequest: client.relay(with: server)
        case .loseAnswer: server.drain()
        case .loseAnswerAndCrash:
            server.drain()
            crash()
        }
    }

    private func crash() {
        listener.cut(forGood: true)
        state.withLock { state in
            state.hasCrashed = true
            return state.crash.take()
        }?.resume()
    }
}
