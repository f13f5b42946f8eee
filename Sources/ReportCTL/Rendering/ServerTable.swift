import KubernetesModel
import ReportAPI
import ReportClient

/// A list as the server has it shown, sorted and coloured: its columns are those of `kubectl get`.
struct ServerTable: Sendable {
    let columns: [ResourceTable.Column]
    private(set) var rows: [ResourceTable.Row]

    init(_ pages: [ResourceTable]) {
        columns = pages.first { !$0.columns.isEmpty }?.columns ?? []
        rows = pages.flatMap(\.rows)
    }

    /// The newest first.
    mutating func sort() {
        rows.sort { left, right in
            guard let one = left.object?.metadata, let two = right.object?.metadata else { return false }
            let times = (one.creationTimestamp?.seconds ?? 0, two.creationTimestamp?.seconds ?? 0)
            return times.0 == times.1 ? one.key < two.key : times.0 > times.1
        }
    }

    mutating func keep(_ filter: RequestFilter) {
        rows = rows.filter { row in
            filter.keeps(
                pipeline: cell("Pipeline", row), phase: cell("Phase", row), requester: cell("Requester", row))
        }
    }

    private func cell(_ column: String, _ row: ResourceTable.Row) -> String {
        guard let index = columns.firstIndex(where: { $0.name == column }), row.cells.indices.contains(index) else {
            return ""
        }
        return Self.text(row.cells[index])
    }

    /// `isWide`: the columns of lower priority too.
    func table(isWide: Bool, showsNamespace: Bool) -> TextTable {
        let shown = columns.indices.filter { isWide || (columns[$0].priority ?? 0) == 0 }
        var table = TextTable(
            columns: (showsNamespace ? [.init(title: "NAMESPACE")] : [])
                + shown.map { .init(title: columns[$0].name.uppercased()) })
        table.rows = rows.map { row in
            let cells = shown.map { index -> StyledText in
                let text = row.cells.indices.contains(index) ? Self.text(row.cells[index]) : ""
                let isPhase = columns[index].name == "Phase"
                return StyledText(text, isPhase ? .of(ReportRequestStatus.Phase(rawValue: text)) : .plain)
            }
            return (showsNamespace ? [StyledText(row.object?.metadata.namespace ?? "")] : []) + cells
        }
        return table
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .null: ""
        default: String(decoding: value.jsonText, as: UTF8.self)
        }
    }
}
