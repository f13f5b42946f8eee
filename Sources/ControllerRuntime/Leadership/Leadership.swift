public import AsyncSupport
import Synchronization

/// Whether this process may act: what the elector tells, and what those who act ask.
public final class Leadership: Sendable {
    private let gate = Gate()
    /// Until when, by `clock`; nil: not at all.
    private let until = Mutex<Duration?>(nil)
    private let clock: RuntimeClock

    public init(clock: RuntimeClock = .continuous) {
        self.clock = clock
    }

    /// Of a process that has nobody to agree with.
    public static func withoutElection() -> Leadership {
        let leadership = Leadership()
        leadership.hold(until: .seconds(Int64.max >> 1))
        return leadership
    }

    /// Whether this process may write now. It says no as soon as the time is over, also where nobody has come to notice it
    /// yet: after the process was stopped for a while, for one.
    public var mayAct: Bool {
        guard let end = until.withLock({ $0 }) else { return false }
        return clock.now() < end
    }

    /// Returns once this process leads; throws when the task is cancelled before.
    public func wait() async throws(CancellationError) { try await gate.wait() }

    func hold(until end: Duration) {
        until.withLock { $0 = end }
        gate.open()
    }

    /// There is no way back: a process that has lost its leadership ends.
    func lose() { until.withLock { $0 = nil } }
}
