import Foundation
import KubernetesModel
import ReportAPI
import TestSupport
import Testing

@testable import ReportController

/// A status is written field by field: one that a patch doesn't name would stay as it was, whatever was decided.
struct StatusPatchTests {
    private func fields(_ patch: some Encodable) throws -> Set<String> {
        let json = try JSONDecoder().decode(JSONValue.self, from: try JSONEncoder().encode(patch))
        return Set(try #require(json["status"]?.object).keys)
    }

    private func properties(_ status: Any) -> Set<String> {
        Set(Mirror(reflecting: status).children.compactMap(\.label))
    }

    @Test func aRequestsNamesEachField() throws {
        let request = ReportRequest.fixture()
        let all = properties(ReportRequestStatus())
        #expect(all.contains("asOf"))
        #expect(try fields(RequestStatusPatch(request, to: ReportRequestStatus())) == all.subtracting(["accepted"]))
        let taken = request.status { $0.accepted = ReportRequest.fixture(.chain("a")).started().status?.accepted }
        #expect(try fields(RequestStatusPatch(taken, to: ReportRequestStatus())) == all)
    }

    /// What the gateway writes stays as it is.
    @Test func aTriggersNamesEachFieldButTheAlerts() throws {
        let trigger = ReportTrigger(
            metadata: ObjectMeta(name: "stops"),
            spec: ReportTriggerSpec(
                match: .init(labels: ["alertname": "Stopped"]), request: .init(pipelineRef: .init(name: "mttr")),
                tokenSHA256: ""))
        let all = properties(ReportTriggerStatus())
        #expect(
            try fields(TriggerStatusPatch(trigger, to: ReportTriggerStatus()))
                == all.subtracting(["alerts", "openTickets"]))
    }

    @Test func aSchedulesAndAPipelinesNameEachField() throws {
        let schedule = ReportSchedule(metadata: ObjectMeta(name: "nightly"), spec: .fixture())
        #expect(
            try fields(ScheduleStatusPatch(schedule, to: ReportScheduleStatus())) == properties(ReportScheduleStatus()))
        let pipeline = ReportPipeline.fixture("a", .chain("a"))
        #expect(
            try fields(PipelineStatusPatch(pipeline, to: ReportPipelineStatus())) == properties(ReportPipelineStatus()))
    }
}
