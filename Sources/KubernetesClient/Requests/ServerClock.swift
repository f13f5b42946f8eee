public import FoundationEssentials
import HTTPTransport
import KubernetesModel
public import Logging
import Synchronization

/// The time of day by the API server's clock, as far as the dates of its answers tell it: what a server stamps on objects can
/// only be held against times of the same clock.
///
/// Between answers it goes on by itself. A machine whose clock is set, by an hour or by a year, goes on as if nothing were. What an
/// answer says is believed once the next one says the same: where several servers answer, one may be wrong.
public final class ServerClock: Sendable {
    /// What time it is when.
    private struct Reading {
        var date: Date
        var instant: ContinuousClock.Instant

        func date(at instant: ContinuousClock.Instant) -> Date { date + (instant - self.instant) / .seconds(1) }
    }

    private struct State {
        var reading: Reading
        /// What the last answer said, where that was something else.
        var doubt: Reading?
        var notedAt: ContinuousClock.Instant?
    }

    /// A date is cut to the second, and clocks that agree so far are taken for the same; in seconds.
    private static let noise: TimeInterval = 2
    /// To read the date of each answer would be work for nothing.
    private static let interval = Duration.seconds(10)

    private let state: Mutex<State>
    private let logger: Logger?

    /// Follows the machine's clock at first.
    public init(
        startingAt date: Date = Date(), instant: ContinuousClock.Instant = .now, logger: Logger? = nil
    ) {
        state = Mutex(State(reading: Reading(date: date, instant: instant)))
        self.logger = logger
    }

    public var now: Date { now(at: .now) }

    func now(at instant: ContinuousClock.Instant) -> Date { state.withLock { $0.reading.date(at: instant) } }

    /// Of an answer to what was asked `since` then: its date is of some moment between the two, however long it took to come.
    func note(
        _ headers: HTTPHeaders, since asked: ContinuousClock.Instant, at instant: ContinuousClock.Instant = .now
    ) {
        let isDue = state.withLock { state in
            guard state.doubt == nil, let notedAt = state.notedAt else { return true }
            return instant - notedAt >= Self.interval
        }
        guard isDue, let told = headers["Date"].flatMap(Timestamp.ofHTTPDate) else { return }
        let step = state.withLock { state in
            state.notedAt = instant
            guard !Self.agrees(told, with: state.reading, asked, instant) else {
                state.doubt = nil
                return 0.0
            }
            // Of that second, which had begun; the answer had not been asked for longer than that.
            let reading = Reading(date: told.date + 0.5, instant: instant - min(instant - asked, .seconds(1)))
            guard let doubt = state.doubt, Self.agrees(told, with: doubt, asked, instant) else {
                state.doubt = reading
                return 0.0
            }
            let step = reading.date.timeIntervalSince(state.reading.date(at: reading.instant))
            (state.reading, state.doubt) = (reading, nil)
            return step
        }
        guard step != 0 else { return }
        logger?.notice(
            "The API server's clock says something else than was known; times go by it from now on",
            metadata: ["ahead": "\(Int(step.rounded())) s", "now": "\(told)"])
    }

    private static func agrees(
        _ told: Timestamp, with reading: Reading, _ asked: ContinuousClock.Instant, _ instant: ContinuousClock.Instant
    ) -> Bool {
        let date = told.date
        return date + 1 + noise > reading.date(at: asked) && date - noise < reading.date(at: instant)
    }
}
