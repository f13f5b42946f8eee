public import KubernetesModel

/// A report at certain times: the operator keeps a CronJob for it, and makes a request of each of that one's Jobs.
public struct ReportSchedule: KubernetesResource {
    public static let resourceKind = ResourceKind(
        group: ReportsAPI.group, version: ReportsAPI.version, kind: "ReportSchedule", plural: "reportschedules")

    public var metadata: ObjectMeta
    /// When and what, or what is wrong with how that is written.
    public var spec: Decoded<ReportScheduleSpec>
    public var status: ReportScheduleStatus?

    public init(metadata: ObjectMeta, spec: ReportScheduleSpec, status: ReportScheduleStatus? = nil) {
        self.metadata = metadata
        self.spec = .value(spec)
        self.status = status
    }

    private enum CodingKeys: String, CodingKey { case metadata, spec, status }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        metadata = try container.decode(ObjectMeta.self, forKey: .metadata)
        spec = Decoded(from: container, forKey: .spec)
        status = try container.decodeIfPresent(ReportScheduleStatus.self, forKey: .status)
    }
}
