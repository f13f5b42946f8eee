import Synchronization

/// How many writes an operator lives to do.
final class WriteBudget: Sendable {
    private let left = Mutex(Int.max)

    func allow(_ writes: Int) { left.withLock { $0 = writes } }

    func take() -> Bool {
        left.withLock { left in
            guard left > 0 else { return false }
            left -= 1
            return true
        }
    }
}
