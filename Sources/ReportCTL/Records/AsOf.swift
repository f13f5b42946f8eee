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
        let name = LayoutSpec.timeZone(of: layout, schedule: nil)
        let moment = Timestamp(record.asOf(result))
        guard let rules = try? zones.rules(name) else { return moment.shown(in: .utc, named: "UTC") }
        return moment.shown(in: rules, named: name)
    }
}
