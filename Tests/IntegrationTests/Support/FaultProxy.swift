import Foundation
import Glibc
import KubernetesClient
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
        var isCutOff = false
        var open: Set<CInt> = []
        var crash: CheckedContinuation<Void, Never>?
    }

    let port: Int
    private let listener: CInt
    private let upstream: Int
    private let fault: @Sendable (Call) -> Fault
    private let state = Mutex(State())

    init(upstream: Int, fault: @escaping @Sendable (Call) -> Fault) {
        (listener, port) = LoopbackSocket.listen()
        self.upstream = upstream
        self.fault = fault
        Thread.detachNewThread { [listener, weak self] in
            while case let client = accept(listener, nil, nil), client >= 0 {
                Thread.detachNewThread { [weak self] in
                    self?.carry(client)
                    close(client)
                }
            }
            close(listener)
        }
    }

    deinit { shutdown(listener, CInt(SHUT_RDWR)) }

    /// How to reach the API server through it.
    var configuration: ClientConfiguration {
        ClientConfiguration(server: "http://127.0.0.1:\(port)")
    }

    /// How many writes have come so far.
    var writes: Int { state.withLock { $0.writes } }

    /// Returns when `loseAnswerAndCrash` has happened, or the task is cancelled.
    func waitForCrash() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isCutOff || Task.isCancelled { return true }
                    state.crash = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.crash.take() }?.resume()
        }
    }

    private func carry(_ client: CInt) {
        let isWelcome = state.withLock { state in
            if !state.isCutOff { state.open.insert(client) }
            return !state.isCutOff
        }
        defer { state.withLock { _ = $0.open.remove(client) } }
        guard isWelcome, let request = LoopbackSocket.readRequest(client) else { return }
        let line = request.prefix { $0 != 13 }.split(separator: 32).map { String(decoding: $0, as: UTF8.self) }
        guard line.count > 1 else { return }
        let number =
            line[0] == "GET"
            ? 0
            : state.withLock {
                $0.writes += 1; return $0.writes
            }
        let fault = fault(Call(method: line[0], path: line[1], writeNumber: number))
        if case .loseRequest = fault { return }
        guard let server = LoopbackSocket.connect(port: upstream) else { return }
        defer { close(server) }
        guard LoopbackSocket.send(request, to: server) else { return }
        switch fault {
        case .none, .loseRequest: LoopbackSocket.relay(from: server, to: client)
        case .loseAnswer: LoopbackSocket.drain(server)
        case .loseAnswerAndCrash:
            LoopbackSocket.drain(server)
            crash()
        }
    }

    private func crash() {
        state.withLock { state in
            state.isCutOff = true
            for descriptor in state.open { shutdown(descriptor, CInt(SHUT_RDWR)) }
            return state.crash.take()
        }?.resume()
    }
}
