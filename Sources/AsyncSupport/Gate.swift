/// A gate that opens once and stays open; all waiters continue then.
public final class Gate: Sendable {
    private let openings = EventCount()

    public init() {}

    public var isOpen: Bool { openings.value > 0 }

    public func open() { openings.advance() }

    /// Returns once the gate is open, or throws when the task is cancelled before.
    public func wait() async throws(CancellationError) {
        await openings.wait(beyond: 0)
        if !isOpen { throw CancellationError() }
    }
}
