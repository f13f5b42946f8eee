import Foundation
import Glibc
import KubernetesClient
import LoopbackSupport
import Synchronization

/// Stands between an operator and the API server, and does to requests and answers what networks and servers do to them.
///
/// Upstream is `kubectl proxy`, so that requests can be read here; each connection carries one of them.
final class FaultProxy: Sendable {
    struct Call: Sendable {
        let method: String
        let path: String
        /// The how-manieth write it is, from 1; 0 for a read.
        let writeNumber: Int

        var isWrite: Bool { writeNumber > 0 }
        var isWatch: Bool { path.contains("watch=") }
    }

    enum Fault: Sendable {
        case none
        /// The API server never sees it.
        case loseRequest
        /// The API server has done it, and nobody learns of it.
        case loseAnswer
        /// As `loseAnswer`, and from then on nothing passes any more.
        case loseAnswerAndCrash
        /// The API server never sees it; this is what is answered in its place.
        case answered(Data)
        /// The API server sees it twice, and the second answer is the one that comes.
        case doubled
        /// Answers come that long after they were given.
        case delayed(milliseconds: UInt32)
        /// Answers end after that number of bytes.
        case cut(afterBytes: Int)
        /// What is answered comes byte after byte at first.
        case trickled
        /// Nothing is answered, and the connection stays.
        case vanished
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
        switch fault {
        case .loseRequest: return
        case .answered(let answer):
            client.write(answer)
            return
        case .vanished:
            _ = client.waitForClose()
            return
        case .doubled: withServer(request) { _ = $0.drain() }
        case .none, .loseAnswer, .loseAnswerAndCrash, .delayed, .cut, .trickled: break
        }
        withServer(request) { server in
            switch fault {
            case .loseAnswer: server.drain()
            case .loseAnswerAndCrash:
                server.drain()
                crash()
            case .delayed(let milliseconds):
                usleep(milliseconds * 1000)
                client.relay(with: server)
            case .cut(let count): client.write(Data(server.readBytes(count)))
            case .trickled:
                for _ in 0..<400 {
                    guard let byte = server.readBytes(1).first, client.write(Data([byte])) else { return }
                }
                client.relay(with: server)
            case .none, .loseRequest, .answered, .vanished, .doubled: client.relay(with: server)
            }
        }
    }

    /// Sends it to the API server, and lets `body` hear what comes.
    private func withServer(_ request: LoopbackRequest, _ body: (LoopbackConnection) -> Void) {
        guard let server = LoopbackConnection.open(toPort: upstream) else { return }
        defer { server.close() }
        if server.write(request.bytes()) { body(server) }
    }

    private func crash() {
        listener.cut(forGood: true)
        state.withLock { state in
            state.hasCrashed = true
            return state.crash.take()
        }?.resume()
    }
}
