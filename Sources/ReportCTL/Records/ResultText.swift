import KubernetesModel
import ReportRecords

/// Rows of a result as text for programs.
enum ResultText {
    /// A line of CSV (RFC 4180), without its end.
    static func csv(_ cells: [String]) -> String {
        cells.map { cell in
            let isPlain =
                cell.utf8.allSatisfy { ![44, 34, 10, 13].contains($0) } && cell.first != " " && cell.last != " "
            return isPlain ? cell : "\"" + cell.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",")
    }

    static func json(_ row: [ResultValue], columns: [ReportResult.Column]) -> JSONValue {
        .object(Dictionary(zip(columns.map(\.name), row.map(\.json))) { first, _ in first })
    }

    static func isNumber(_ column: ReportResult.Column) -> Bool {
        ["decimal", "integer", "number", "double", "int", "long"].contains(column.type ?? "")
    }
}
