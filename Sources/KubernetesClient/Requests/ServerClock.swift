public import FoundationEssentials
import HTTPTransport
import KubernetesModel
public import Logging
import Synchronization

/// The time of day by the API server's clock, as far as the dates of its answers tell it: what a server stamps on objects can
/// only be held against times of the same clock.
///
/// Between answers it goes on by itself. A machine whose clock is set, by an hour or by a year, goes on as if nothing were.
public final class ServerClock: Sendable {
    private struct State {
        /// What time it was when.
        var date: Date
        var instant: ContinuousClock.Instant
        var notedAt: ContinuousClock.Instant?

        func date(at instant: ContinuousClock.Instant) -> Date { date + (instant - self.instant) / .seconds(1) }
    }

    /// A date is cut to the second, and an answer takes its time to come: what is less, in seconds, says nothing.
    private static let noise: TimeInterval = 2
    /// To read the date of each answer would be work for nothing.
    private static let interval = Duration.seconds(10)

    private let state: Mutex<State>
    private let logger: Logger?

    /// Goes by the machine's clock at first.
    public init(
        startingAt date: Date = Date(), instant: ContinuousClock.Instant = .now, logger: Logger? = nil
    ) {
        state = Mutex(State(date: date, instant: instant))
        self.logger = logger
    }

    public var now: Date { now(at: .now) }

    func now(at instant: ContinuousClock.Instant) -> Date { state.withLock { $0.date(at: instant) } }

    func note(_ headers: HTTPHeaders, at instant: ContinuousClock.Instant = .now) {
        let isDue = state.withLock { state in
            if let notedAt = state.notedAt, instant - notedAt < Self.interval { return false }
            state.notedAt = instant
            return true
        }
        guard isDue, let told = headers["Date"].flatMap(Timestamp.ofHTTPDate) else { return }
        // It was written in the course of that second.
        let date = told.date + 0.5
        let step = state.withLock { state in
            let step = date.timeIntervalSince(state.date(at: instant))
            guard abs(step) >= Self.noise else { return 0.0 }
            (state.date, state.instant) = (date, instant)
            return step
        }
        guard step != 0 else { return }
        logger?.notice(
            "The API server's clock says something else than was known; times go by it from now on",
            metadata: ["ahead": "\(Int(step.rounded())) s", "now": "\(told)"])
    }
}
