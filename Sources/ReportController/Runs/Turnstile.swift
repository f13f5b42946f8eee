import AsyncSupport
import Synchronization

/// Lets one task at a time through for each key; the others wait in the order they came.
///
/// Whether a run may start depends on who started before it. Two workers that looked at once would both see the place
/// free.
final class Turnstile: Sendable {
    private struct Gate {
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let gates = Mutex<[String: Gate]>([:])

    func pass<Result>(_ key: String, _ body: () async throws -> Result) async rethrows -> Result {
        await enter(key)
        defer { leave(key) }
        return try await body()
    }

    private func enter(_ key: String) async {
        await withCheckedContinuation { continuation in
            let isFree = gates.withLock { gates in
                guard gates[key] != nil else {
                    gates[key] = Gate()
                    return true
                }
                gates[key]?.waiters.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    private func leave(_ key: String) {
        let next = gates.withLock { gates -> CheckedContinuation<Void, Never>? in
            guard var gate = gates[key], !gate.waiters.isEmpty else {
                gates[key] = nil
                return nil
            }
            let next = gate.waiters.removeFirst()
            gates[key] = gate
            return next
        }
        next?.resume()
    }
}
