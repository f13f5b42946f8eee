/// Time as the runtime needs it: how much of it has passed, and a way to wait.
///
/// One value with two closures instead of a generic parameter on every type; tests build it from a clock of their own.
public struct RuntimeClock: Sendable {
    /// The time since some fixed moment. It never goes back.
    public let now: @Sendable () -> Duration
    /// Returns after that time, or throws `CancellationError` when the task is cancelled.
    public let sleep: @Sendable (Duration) async throws -> Void

    public init(
        now: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    public init<C: Clock>(_ clock: C) where C.Duration == Duration {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
    }

    public static let continuous = RuntimeClock(ContinuousClock())
}
