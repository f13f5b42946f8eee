import Calendars
import KubernetesModel
import ReportAPI
import ReportLayout
import ReportRecords
import ZoneFiles

/// When a report's source was read, in the report's zone: so that it can be laid beside what the source shows now.
enum AsOf {
    /// `2026-10-31 06:02 America/Chicago`
    static func text(_ record: ReportRecord, _ result: ReportResult, zones: ZoneFiles = ZoneFiles()) -> String {
        let layout: LayoutSpec? = if case .spec(let spec) = record.pinned { spec.report } else { nil }
        return text(Timestamp(record.asOf(result)), layout, zones: zones)
    }

    /// The same as the request's status has it; nil where it says nothing of it.
    static func text(_ status: ReportRequestStatus, zones: ZoneFiles = ZoneFiles()) -> String? {
        status.asOf.map { text($0, status.accepted?.pipeline.report, zones: zones) }
    }

    private static func text(_ moment: Timestamp, _ layout: LayoutSpec?, zones: ZoneFiles) -> String {
        let name = LayoutSpec.timeZone(of: layout, schedule: nil)
        guard let rules = try? zones.rules(name) else { return moment.shown(in: .utc, named: "UTC") }
        return moment.shown(in: rules, named: name)
    }
}
