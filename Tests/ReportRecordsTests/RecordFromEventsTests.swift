import KubernetesModel
import ReportAPI
import ReportRecords
import TestSupport
import Testing

@Suite struct RecordFromEventsTests {
    @Test(arguments: [false, true]) func theEventsOfAnyStateTellItsRecord(cancelled: Bool) throws {
        for state in RequestLife.states(cancelled: cancelled).dropFirst() {
            let asked = state.spec {
                $0.requester = .init(name: "Dana", email: "dana@example.com")
                $0.output = .init(formats: ["pdf", "csv"])
                $0.priority = 5
            }
            #expect(ReportRecord(events: ReportEvent.all(of: asked)) == ReportRecord(asked).asEventsTellIt)
        }
    }

    @Test func theirOrderIsNothing() throws {
        let last = try #require(RequestLife.states().last)
        #expect(ReportRecord(events: ReportEvent.all(of: last).reversed()) == ReportRecord(last).asEventsTellIt)
        #expect(ReportRecord(events: []) == nil)
    }

    /// A run as the planner leaves it: a failure that skips what comes after it.
    @Test func stagesThatWerePassedOverAreTold() throws {
        let ended = ReportRequest.fixture(.diamond).running("extract").status { status in
            status.phase = .failed
            status.reason = Reason.stageFailed
            status.completedAt = .start.after(9)
            status.transitions =
                (status.transitions ?? []) + [.init(phase: .failed, at: .start.after(9), reason: Reason.stageFailed)]
            for index in status.stages?.indices ?? 0..<0 {
                let isFirst = status.stages?[index].name == "extract"
                status.stages?[index].phase = isFirst ? .failed : .skipped
                status.stages?[index].reason = isFirst ? Reason.exitCode : Reason.dependencyFailed
                status.stages?[index].completedAt = isFirst ? .start.after(8) : nil
                status.stages?[index].exitCode = isFirst ? 3 : nil
                status.stages?[index].message = isFirst ? "exit code 3" : nil
            }
        }
        let rebuilt = try #require(ReportRecord(events: ReportEvent.all(of: ended)))
        #expect(rebuilt == ReportRecord(ended).asEventsTellIt)
        #expect(rebuilt.stages?.map(\.phase) == [.failed, .skipped, .skipped, .skipped])
        #expect(rebuilt.stages?.first?.exitCode == 3 && rebuilt.stages?.first?.job != nil)
    }
}
