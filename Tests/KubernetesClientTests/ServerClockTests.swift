import Foundation
import HTTPTransport
import Testing

@testable import KubernetesClient

/// What the API server's answers tell of its clock.
struct ServerClockTests {
    /// 2026-11-30T12:00:00Z
    private static let noon = Date(timeIntervalSince1970: 1_796_040_000)
    private let start = ContinuousClock.now

    private func clock() -> ServerClock { ServerClock(startingAt: Self.noon, instant: start) }

    /// In seconds from noon, `later` than it was.
    private func time(of clock: ServerClock, later: Double = 0) -> Double {
        clock.now(at: start + .seconds(later)).timeIntervalSince(Self.noon)
    }

    /// An answer that comes `later`, and was asked for that number of seconds before.
    private func tell(_ clock: ServerClock, _ time: String, later: Double = 0, took: Double = 0) {
        let came = start + .seconds(later)
        clock.note(["Date": "Mon, 30 Nov 2026 \(time) GMT"], since: came - .seconds(took), at: came)
    }

    @Test(arguments: [
        ("12:00:00", 0), ("13:00:00", 3600.5), ("11:40:00", -1199.5), ("12:00:03", 3.5),
        // A date is cut to the second, and clocks that agree to two seconds are the same.
        ("11:59:59", 0), ("12:00:01", 0), ("11:59:58", 0),
        ("25:00:00", 0), ("", 0),
    ]) func aDateThatIsFarFromWhatWasKnownCountsOnceTheNextOneSaysSo(date: String, time: Double) {
        let clock = clock()
        tell(clock, date)
        #expect(self.time(of: clock) == 0)
        tell(clock, date)
        #expect(self.time(of: clock) == time)
        #expect(self.time(of: clock, later: 30) == time + 30)
    }

    /// The machine's own clock isn't asked again.
    @Test func itGoesOnByItself() {
        #expect(time(of: clock(), later: 7200) == 7200)
    }

    @Test func notEachDateIsRead() {
        let clock = clock()
        tell(clock, "12:00:00")
        for second in 1...9 { tell(clock, "13:00:00", later: Double(second)) }
        #expect(time(of: clock, later: 9) == 9)
        // From then on until it is sure.
        tell(clock, "13:00:10", later: 10)
        tell(clock, "13:00:11", later: 11)
        #expect(time(of: clock, later: 11) == 3611.5)
    }

    /// Of several servers one is wrong.
    @Test func oneThatNobodyAgreesWithIsNotBelieved() {
        let clock = clock()
        for round in 0..<5 {
            let later = Double(round * 20)
            tell(clock, "13:00:00", later: later)
            tell(clock, String(format: "12:%02d:%02d", round / 3, round * 20 % 60), later: later + 1)
        }
        #expect(time(of: clock, later: 100) == 100)
    }

    /// A long list, or a machine that stood still with an answer on its way.
    @Test func anAnswerThatTakesItsTimeSaysNothingOfTheClock() {
        let clock = clock()
        tell(clock, "12:00:01", later: 60, took: 60)
        tell(clock, "12:00:02", later: 61, took: 60)
        #expect(time(of: clock, later: 61) == 61)
    }
}
