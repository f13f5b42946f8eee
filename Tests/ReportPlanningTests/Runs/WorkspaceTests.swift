import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

/// How long the volume of a run stays after its end.
struct WorkspaceTests {
    private func run(_ phase: ReportRequestStatus.Phase, keep: String? = nil) -> ReportRequest {
        let pipeline = PipelineSpec.chain("one").with {
            $0.workspace = WorkspaceSpec(size: "1Gi", keep: keep.flatMap { ReportDuration($0) })
        }
        return .fixture(pipeline).started().ended(phase)
    }

    private func plan(_ request: ReportRequest, after seconds: Int64) -> RunPlan {
        RunPlanner.plan(ObservedRun(request: request), now: Timestamp(seconds: Timestamp.start.seconds + seconds))
    }

    @Test(arguments: [(nil, 86400), ("10m", 600)] as [(String?, Int64)])
    func thatOfARunThatSucceededGoesInItsTime(keep: String?, seconds: Int64) {
        let request = run(.succeeded, keep: keep)
        let early = plan(request, after: seconds - 1)
        #expect(early.actions.isEmpty)
        #expect(early.wakeAt == Timestamp(seconds: Timestamp.start.seconds + seconds))
        let due = plan(request, after: seconds)
        #expect(due.actions == [.deleteWorkspaceClaim(name: ObjectNames.workspaceClaim(of: request.metadata))])
        #expect(due.status?.workspaceDeletedAt == Timestamp(seconds: Timestamp.start.seconds + seconds))
        let after = plan(request.applying(due), after: seconds + 5)
        #expect(after.actions.isEmpty && after.status == nil, "once")
    }

    /// Another attempt goes on with what is in it.
    @Test(arguments: [ReportRequestStatus.Phase.failed, .cancelled])
    func thatOfARunThatMayBeResumedStays(phase: ReportRequestStatus.Phase) {
        #expect(plan(run(phase, keep: "1s"), after: 100 * 86400).actions.isEmpty)
    }

    @Test func aRunWithoutOneHasNothingToDelete() {
        let request = ReportRequest.fixture(.chain("one")).started().ended(.succeeded)
        #expect(plan(request, after: 100 * 86400).actions.isEmpty)
    }
}
