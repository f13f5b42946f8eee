import AsyncSupport
import Testing

@testable import HTTPTransport

@Suite struct TransferDeadlinesTests {
    let start = ContinuousClock.now
    let timeouts = HTTPTimeouts(connect: .seconds(1), firstByte: .seconds(2), idle: .seconds(3), total: .seconds(10))

    private func next(_ deadlines: TransferDeadlines) -> String? {
        deadlines.next.map { "\($0.phase.rawValue) \($0.instant - start)" }
    }

    @Test func eachPhaseHasItsDeadline() {
        var deadlines = TransferDeadlines(timeouts, start: start)
        #expect(next(deadlines) == "connect 1.0 seconds")
        deadlines.requestProgressed(at: start + .seconds(0.5))
        #expect(next(deadlines) == "first byte 2.5 seconds")
        deadlines.requestProgressed(at: start + .seconds(2))
        #expect(next(deadlines) == "first byte 4.0 seconds")
        deadlines.responseProgressed(at: start + .seconds(3))
        #expect(next(deadlines) == "idle 6.0 seconds")
        deadlines.responseProgressed(at: start + .seconds(9))
        #expect(next(deadlines) == "total 10.0 seconds")
    }

    @Test func absentLimitsNeverPass() {
        var deadlines = TransferDeadlines(HTTPTimeouts(connect: .seconds(1)), start: start)
        deadlines.requestProgressed(at: start)
        #expect(deadlines.next == nil)
        deadlines.responseProgressed(at: start)
        #expect(deadlines.expired(at: start + .seconds(1_000_000)) == nil)
    }

    @Test func deadlinesPassWhenTheyAreReached() {
        let deadlines = TransferDeadlines(timeouts, start: start)
        #expect(deadlines.expired(at: start + .milliseconds(999)) == nil)
        #expect(deadlines.expired(at: start + .seconds(1)) == .connect)
        #expect(deadlines.limit(of: .idle) == .seconds(3))
    }

    @Test(arguments: [
        (Duration.zero, 1), (.microseconds(1), 1), (.milliseconds(5), 5), (.microseconds(5001), 6),
        (.seconds(-3), 1), (.seconds(1_000_000_000), Int(Int32.max)),
    ])
    func durationsRoundUpToMilliseconds(duration: Duration, milliseconds: Int) {
        #expect(duration.milliseconds == milliseconds)
    }
}
