import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct StoppingTests {
    @Test func queuedRequestIsCancelledWithoutAnyQuestion() {
        let plan = RequestPlanner.plan(Observed(request: .fixture().queued().cancelling()), now: .start)
        #expect(plan.kinds == [])
        #expect(plan.status?.phase == .cancelled)
    }
}
