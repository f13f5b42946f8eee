import ReportAPI
import ReportClient
import ReportRecords

/// Records as a table: a function of them and of the zone.
enum HistoryView {
    static func table(
        _ records: [ReportRecord], moments: Moments, isWide: Bool, showsNamespace: Bool
    ) -> TextTable {
        // Where one MongoDB has those of several, names alone don't tell them apart.
        let clusters = Set(records.compactMap(\.cluster))
        let showsCluster = clusters.count > 1 || isWide && records.contains { $0.clusterName != nil }
        let titles =
            ["CREATED"] + (showsCluster ? ["CLUSTER"] : []) + (showsNamespace ? ["NAMESPACE"] : [])
            + ["NAME", "PIPELINE", "PHASE", "TOOK", "REQUESTER", "DELETED"]
            + (isWide ? ["ATTEMPT", "REASON", "PARAMETERS", "REPORT-ID"] : [])
        var table = TextTable(columns: titles.map { .init(title: $0) })
        for (row, record) in zip(records.map(HistoryRow.init), records) {
            var cells = [StyledText(moments.full(row.createdAt))]
            if showsCluster { cells.append(StyledText(record.clusterName ?? record.cluster ?? "")) }
            if showsNamespace { cells.append(StyledText(row.namespace)) }
            cells += [
                StyledText(row.name), StyledText(row.pipeline), StyledText(row.phase.rawValue, .of(row.phase)),
                StyledText(row.duration), StyledText(row.requester),
                StyledText(row.deletedAt.map { moments.full($0) } ?? ""),
            ]
            if isWide {
                cells += ["\(row.attempt)", row.reason, row.parameters, row.reportID].map { StyledText($0) }
            }
            table.rows.append(cells)
        }
        return table
    }
}
