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
    private func time(of clock: ServerClock, later: Int = 0) -> Double {
        clock.now(at: start + .seconds(later)).timeIntervalSince(Self.noon)
    }

    @Test(arguments: [
        ("Mon, 30 Nov 2026 12:00:00 GMT", 0), ("Mon, 30 Nov 2026 13:00:00 GMT", 3600.5),
        ("Mon, 30 Nov 2026 11:40:00 GMT", -1199.5), ("Monday, 30-Nov-26 12:00:02 GMT", 2.5),
        // A date is cut to the second, and is read a moment later.
        ("Mon, 30 Nov 2026 11:59:59 GMT", 0), ("Mon, 30 Nov 2026 12:00:01 GMT", 0),
        ("yesterday", 0), ("", 0), ("Mon, 31 Nov 2026 13:00:00 GMT", 0),
    ]) func aDateThatIsFarFromWhatWasKnownCounts(date: String, time: Double) {
        let clock = clock()
        clock.note(["Date": date], at: start)
        #expect(self.time(of: clock) == time)
        #expect(self.time(of: clock, later: 30) == time + 30)
    }

    /// The machine's own clock isn't asked again.
    @Test func itGoesOnByItself() {
        #expect(time(of: clock(), later: 7200) == 7200)
    }

    @Test func theLastDateCountsAndNotEachIsRead() {
        let clock = clock()
        clock.note(["Date": "Mon, 30 Nov 2026 13:00:00 GMT"], at: start)
        clock.note(["Date": "Mon, 30 Nov 2026 12:00:09 GMT"], at: start + .seconds(9))
        #expect(time(of: clock, later: 9) == 3609.5)
        clock.note([:], at: start + .seconds(20))
        #expect(time(of: clock, later: 20) == 3620.5)
        clock.note(["Date": "Mon, 30 Nov 2026 12:00:31 GMT"], at: start + .seconds(31))
        #expect(time(of: clock, later: 31) == 31.5)
    }
}
