import KubernetesModel
import ReportPlanning
import Testing

@testable import ReportController

/// What reconciliations see of the rows that runs published, and what the reader is told to read.
struct PublishedRowsTests {
    private let rows = PublishedRows()
    private let key = ObjectKey(namespace: "finance", name: "tb")
    private let other = ObjectKey(namespace: "finance", name: "other")

    @Test func onlyWhatIsAskedForIsRead() {
        #expect(rows.state(of: "1") == .unread)
        #expect(rows.due() == [])
        rows.ask(for: "1", key)
        rows.ask(for: "2", other)
        #expect(rows.state(of: "1") == .asked)
        #expect(rows.due() == ["1", "2"])
        // What isn't among the results has published nothing.
        #expect(Set(rows.note(["1": 5], of: ["1", "2"])) == [key, other])
        #expect(rows.state(of: "1") == .rows(5))
        #expect(rows.state(of: "2") == .rows(0))
        #expect(rows.due() == [])
    }

    @Test func outageIsToldOnceAndTriedAgain() {
        rows.ask(for: "1", key)
        #expect(rows.failed(["1"], "away") == [key])
        #expect(rows.failed(["1"], "away") == [])
        #expect(rows.state(of: "1") == .unavailable("away"))
        #expect(rows.due() == ["1"])
        #expect(rows.note(["1": 1], of: ["1"]) == [key])
    }

    @Test func whatIsOverMeanwhileStaysForgotten() {
        rows.ask(for: "1", key)
        let due = rows.due()
        rows.forget("1")
        #expect(rows.note(["1": 1], of: due) == [])
        #expect(rows.failed(due, "away") == [])
        #expect(rows.state(of: "1") == .unread)
    }
}
