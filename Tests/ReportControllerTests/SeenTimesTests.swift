import KubernetesModel
import TestSupport
import Testing

@testable import ReportController

struct SeenTimesTests {
    private let key = ObjectKey(namespace: "finance", name: "tb")

    @Test func aWaitCountsFromTheFirstSight() {
        let seen = SeenTimes()
        #expect(seen.note(["a"], of: key, at: .start) == ["a": .start])
        #expect(seen.note(["a", "b"], of: key, at: .start.after(5)) == ["a": .start, "b": .start.after(5)])
        #expect(seen.note(["b"], of: key, at: .start.after(6)) == ["b": .start.after(5)])
        #expect(seen.note(["a"], of: key, at: .start.after(7)) == ["a": .start.after(7)])
    }

    /// Else a wait of seconds would last for the hour by which the clock was wrong.
    @Test func aClockThatIsSetBackBeginsWaitsAnew() {
        let seen = SeenTimes()
        _ = seen.note(["a"], of: key, at: .start.after(3600))
        #expect(seen.note(["a"], of: key, at: .start) == ["a": .start])
        #expect(seen.note(["a"], of: key, at: .start.after(10)) == ["a": .start])
    }
}
