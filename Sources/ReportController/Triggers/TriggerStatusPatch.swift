import KubernetesModel
import ReportAPI

/// The merge patch that turns a trigger's status into another one: every field but the gateway's, null where there is none, on
/// the version that the decision rests on.
struct TriggerStatusPatch: Encodable, Sendable {
    private struct Metadata: Encodable {
        let resourceVersion: String
    }

    private struct Status: Encodable {
        let status: ReportTriggerStatus

        private enum CodingKeys: String, CodingKey {
            case served, firing, lastRequestTime, observedGeneration, conditions
        }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(status.served, forKey: .served)
            try fields.encode(status.firing, forKey: .firing)
            try fields.encode(status.lastRequestTime, forKey: .lastRequestTime)
            try fields.encode(status.observedGeneration, forKey: .observedGeneration)
            try fields.encode(status.conditions, forKey: .conditions)
        }
    }

    private let metadata: Metadata
    private let status: Status

    init(_ trigger: ReportTrigger, to status: ReportTriggerStatus) {
        metadata = Metadata(resourceVersion: trigger.metadata.resourceVersion)
        self.status = Status(status: status)
    }
}
