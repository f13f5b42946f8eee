import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import ReportStores

/// Records as a table: a function of them and of the zone.
enum HistoryView {
    static func table(
        _ records: [ReportRecord], moments: Moments, isWide: Bool, showsNamespace: Bool
    ) -> TextTable {
        let titles =
            ["CREATED"] + (showsNamespace ? ["NAMESPACE"] : [])
            + ["NAME", "PIPELINE", "PHASE", "TOOK", "REQUESTER", "DELETED"]
            + (isWide ? ["ATTEMPT", "REASON", "PARAMETERS", "REPORT-ID"] : [])
        var table = TextTable(columns: titles.map { .init(title: $0) })
        for record in records {
            let request = ReportRequest(record)
            let parameters = (record.parameters ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            var row = [StyledText(moments.full(Timestamp(record.createdAt)))]
            if showsNamespace { row.append(StyledText(record.namespace)) }
            row += [
                StyledText(record.name), StyledText(record.pipeline ?? ""),
                StyledText(record.phase.rawValue, .of(record.phase)), StyledText(request.status?.duration ?? ""),
                StyledText(record.requester?.name ?? record.requester?.email ?? ""),
                StyledText(record.deletedAt.map { moments.full(Timestamp($0)) } ?? ""),
            ]
            if isWide {
                row += [
                    "\(record.attempt)", record.reason ?? "", parameters.joined(separator: " "), record.uid,
                ].map { StyledText($0) }
            }
            table.rows.append(row)
        }
        return table
    }
}
