import KubernetesModel
import ReportAPI

/// The merge patch that turns a schedule's status into another one: every field, null where there is none, on the version
/// that the decision rests on.
struct ScheduleStatusPatch: Encodable, Sendable {
    private struct Metadata: Encodable {
        let resourceVersion: String
    }

    private struct Status: Encodable {
        let status: ReportScheduleStatus

        private enum CodingKeys: String, CodingKey {
            case observedGeneration, cronJob, active, activeCount, lastScheduleTime, nextScheduleTime, lastSkippedTime,
                lastSuccessfulTime, conditions
        }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(status.observedGeneration, forKey: .observedGeneration)
            try fields.encode(status.cronJob, forKey: .cronJob)
            try fields.encode(status.active, forKey: .active)
            try fields.encode(status.activeCount, forKey: .activeCount)
            try fields.encode(status.lastScheduleTime, forKey: .lastScheduleTime)
            try fields.encode(status.nextScheduleTime, forKey: .nextScheduleTime)
            try fields.encode(status.lastSkippedTime, forKey: .lastSkippedTime)
            try fields.encode(status.lastSuccessfulTime, forKey: .lastSuccessfulTime)
            try fields.encode(status.conditions, forKey: .conditions)
        }
    }

    private let metadata: Metadata
    private let status: Status

    init(_ schedule: ReportSchedule, to status: ReportScheduleStatus) {
        metadata = Metadata(resourceVersion: schedule.metadata.resourceVersion)
        self.status = Status(status: status)
    }
}
