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
        #expect(setbacks.of("uid") == ["job": .refused("for 15 minutes now: quota")])
    }
}
