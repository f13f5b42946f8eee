import Calendars
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportLayout
import ReportRecords

/// A small trial balance to lay out.
enum Sample {
    static let identity = ReportIdentity(
        reportID: "0b8f", namespace: "finance", name: "tb-2026-10", pipeline: "trial-balance", attempt: 1,
        publishedAt: Timestamp(seconds: 1_793_448_000), asOf: Timestamp(seconds: 1_793_447_000),
        parameters: ["period": .string("2026-10"), "company": .integer(310507)])

    static let result = ReportResult(
        uid: "0b8f", attempt: 1, buckets: 1, rows: 3,
        columns: [
            .init(name: "account", type: "string"), .init(name: "currency", type: "string"),
            .init(name: "day", type: "date"), .init(name: "closing", type: "decimal"), .init(name: "note"),
        ],
        publishedAt: Date(timeIntervalSince1970: 1_793_448_000))

    static func layout(_ spec: LayoutSpec?, parameters: [ParameterSpec]? = nil) throws(LayoutFaults) -> TableLayout {
        try TableLayout(
            spec: spec, result: result, identity: identity, pipelineTitle: "Trial balance", parameters: parameters,
            zone: .utc, zoneName: "UTC")
    }
}
