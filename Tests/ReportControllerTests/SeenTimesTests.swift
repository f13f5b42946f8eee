import KubernetesModel
import ReportPlanning
import TestSupport
import Testing

@testable import ReportController

struct SeenTimesTests {
    private let key = ObjectKey(namespace: "finance", name: "tb")

    @Test func aWaitCountsFromTheFirstSight() {
        let seen = SeenTimes()
        #expect(seen.note(.init(present: ["a"]), of: key, at: .start) == ["a": .start])
        #expect(
            seen.note(.init(present: ["a", "b"]), of: key, at: .start.after(5)) == ["a": .start, "b": .start.after(5)])
        #expect(seen.note(.init(present: ["b"]), of: key, at: .start.after(6)) == ["b": .start.after(5)])
        #expect(seen.note(.init(present: ["a"]), of: key, at: .start.after(7)) == ["a": .start.after(7)])
    }

    /// Else a wait of seconds would last for the hour by which the clock was wrong.
    @Test func aClockThatIsSetBackBeginsWaitsAnew() {
        let seen = SeenTimes()
        _ = seen.note(.init(present: ["a"]), of: key, at: .start.after(3600))
        #expect(seen.note(.init(present: ["a"]), of: key, at: .start) == ["a": .start])
        #expect(seen.note(.init(present: ["a"]), of: key, at: .start.after(10)) == ["a": .start])
    }

    /// The API server tells when a Job was told to stop; the Job is gone when its stage's end is written.
    @Test func whenAJobWasToldToStopIsRememberedAsLongAsItsStageRuns() {
        let seen = SeenTimes()
        let stopping = Sightings(present: ["a"], stopped: ["a/stopped": .start.after(-60)], remembered: ["a/stopped"])
        #expect(seen.note(stopping, of: key, at: .start) == ["a": .start, "a/stopped": .start.after(-60)])
        let gone = Sightings(remembered: ["a/stopped", "b/stopped"])
        #expect(seen.note(gone, of: key, at: .start.after(9)) == ["a/stopped": .start.after(-60)])
        #expect(seen.note(Sightings(), of: key, at: .start.after(10)) == [:])
        #expect(seen.note(gone, of: key, at: .start.after(11)) == [:])
    }
}
