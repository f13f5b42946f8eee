import KubernetesModel
import ReportAPI

/// The merge patch that turns a delivery's status into another one: it says every field, null where there is none, because
/// a merge patch leaves alone what it doesn't name.
struct DeliveryStatusPatch: Encodable, Sendable {
    let resourceVersion: String
    let status: ReportDeliveryStatus

    init(_ delivery: ReportDelivery, to status: ReportDeliveryStatus) {
        resourceVersion = delivery.metadata.resourceVersion
        self.status = status
    }

    private enum CodingKeys: String, CodingKey { case metadata, status }

    private enum MetadataKeys: String, CodingKey { case resourceVersion }

    private enum StatusKeys: String, CodingKey {
        case observedGeneration, phase, message, attempts, pinned, files, recipients, sent, completedAt, conditions
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        var metadata = container.nestedContainer(keyedBy: MetadataKeys.self, forKey: .metadata)
        try metadata.encode(resourceVersion, forKey: .resourceVersion)
        var fields = container.nestedContainer(keyedBy: StatusKeys.self, forKey: .status)
        try fields.encode(status.observedGeneration, forKey: .observedGeneration)
        try fields.encode(status.phase, forKey: .phase)
        try fields.encode(status.message, forKey: .message)
        try fields.encode(status.attempts, forKey: .attempts)
        try fields.encode(status.pinned, forKey: .pinned)
        try fields.encode(status.files, forKey: .files)
        try fields.encode(status.recipients, forKey: .recipients)
        try fields.encode(status.sent, forKey: .sent)
        try fields.encode(status.completedAt, forKey: .completedAt)
        try fields.encode(status.conditions, forKey: .conditions)
    }
}
