import Synchronization

/// When work that blocks is to stop, seen from the thread that does it.
final class Cutoff: Sendable {
    private let deadline: ContinuousClock.Instant
    private let isCancelled = Atomic(false)

    init(_ deadline: ContinuousClock.Instant) { self.deadline = deadline }

    var isOver: Bool { isCancelled.load(ordering: .acquiring) || ContinuousClock.now >= deadline }

    func cancel() { isCancelled.store(true, ordering: .releasing) }
}
