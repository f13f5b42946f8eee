/// Time as the runtime needs it: how much of it has passed, and a way to wait.
///
/// One value with two closures instead of a generic parameter on every type; tests build it from a clock of their own.
package struct RuntimeClock: Sendable {
    /// The time since some fixed moment. It never goes back.
    package let now: @Sendable () -> Duration
    /// Returns after that time, or throws `CancellationError` when the task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void

    package init(
        now: @escaping @Sendable () -> Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.now = now
        self.sleep = sleep
    }

    package init<C: Clock>(_ clock: C) where C.Duration == Duration {
        let start = clock.now
        now = { start.duration(to: clock.now) }
        sleep = { try await clock.sleep(for: $0) }
    }

    package static let continuous = RuntimeClock(ContinuousClock())
}
