import ReportPlanning
import Testing

@testable import ReportController

struct SetbacksTests {
    /// A place is taken while a creation is put off, so that can't go on for ever.
    @Test func creationThatIsPutOffTooLongCountsAsRefused() {
        let setbacks = Setbacks<ObservedRun.Setback>()
        let start = ContinuousClock.now
        #expect(setbacks.note(.postponed("quota"), of: "job", owner: "uid", now: start).isNew)
        let soon = setbacks.note(.postponed("quota"), of: "job", owner: "uid", now: start + .seconds(60))
        #expect(!soon.isNew)
        let late = setbacks.note(
            .postponed("quota"), of: "job", owner: "uid", now: start + ObservedRun.Setback.patience)
        #expect(late.isNew)
        #expect(setbacks.of("uid") == ["job": .refused("for 15m now: quota")])
    }

    /// As long as the stage says that it may take to start.
    @Test func aStageSaysHowLongItsJobMayBePutOff() {
        let setbacks = Setbacks<ObservedRun.Setback>()
        let start = ContinuousClock.now
        func note(after seconds: Int) {
            _ = setbacks.note(
                .postponed("quota"), of: "job", owner: "uid", patience: .seconds(120), now: start + .seconds(seconds))
        }
        note(after: 0)
        note(after: 119)
        #expect(setbacks.of("uid") == ["job": .postponed("quota")])
        note(after: 120)
        #expect(setbacks.of("uid") == ["job": .refused("for 2m now: quota")])
    }
}
