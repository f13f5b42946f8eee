import AsyncSupport
import FoundationEssentials

@testable import ControllerRuntime

/// What a controller's workers and its clock do, one pass after the other and by the test's clock.
struct Passes<Key: Hashable & Sendable> {
    let queue = WorkQueue<Key>(name: "simulation")
    /// When a key is to be looked at again.
    private var delayed: [Key: Date] = [:]

    init() {}

    /// Adds what has come due. A moment that is waited for counts as come a little later than the second itself.
    mutating func wake(at now: Date) {
        for (key, due) in delayed where due <= now + 0.5 {
            delayed[key] = nil
            queue.add(key)
        }
    }

    func next() async -> Key? { queue.depth > 0 ? await queue.next() : nil }

    mutating func pass(_ key: Key, at now: Date, _ reconcile: (Key) async throws -> ReconcileResult) async {
        delayed[key] = nil
        do {
            switch try await reconcile(key) {
            case .done, .parked: break
            case .requeue(let delay) where delay <= .zero: queue.add(key)
            case .requeue(let delay): delayed[key] = now + delay.seconds
            case .lookAgain: delayed[key] = now + 1
            }
        } catch {
            delayed[key] = now + 1
        }
        queue.done(key)
    }

    /// Whether it is looked at again in the next moments anyway.
    func isDueSoon(_ key: Key, at now: Date) -> Bool { delayed[key].map { $0 <= now + 1 } ?? false }
}
