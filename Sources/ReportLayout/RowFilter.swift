import KubernetesModel
package import ReportRecords

/// The rows that a delivery wants: those with these values in these columns, compared as text. What was left out counts in no
/// total.
///
/// For example:
///
///     let north = try RowFilter(["plant": "north"], of: result.columns)
///     let rows = FilteredRows(all, filter: north)
package struct RowFilter: Sendable {
    private let wanted: [(place: Int, value: String)]

    /// Throws every column that there isn't, as `spec.only.…`.
    package init(_ only: [String: String], of columns: [ReportResult.Column]) throws(LayoutFaults) {
        var wanted: [(place: Int, value: String)] = []
        var faults: [String] = []
        for (name, value) in only.sorted(by: { $0.key < $1.key }) {
            if let place = columns.firstIndex(where: { $0.name.isSame(as: name) }) {
                wanted.append((place, value))
            } else {
                let names = columns.map(\.name).joined(separator: ", ").head(bytes: 512)
                faults.append("spec.only: \"\(name.head(bytes: 80))\" is not among the columns, which are \(names)")
            }
        }
        guard faults.isEmpty else { throw LayoutFaults(messages: faults) }
        self.wanted = wanted
    }

    package func admits(_ row: [ResultValue]) -> Bool {
        wanted.allSatisfy { place, value in
            guard row.indices.contains(place) else { return false }
            return switch row[place] {
            case .null: value.isEmpty
            case .string(let text), .other(let text): text.isSame(as: value)
            case .bool, .integer, .double, .decimal, .date: row[place].description.isSame(as: value)
            }
        }
    }
}

/// The rows of another source that a filter admits.
package struct FilteredRows<Source: RowSource>: RowSource {
    private let source: Source
    private let filter: RowFilter

    package init(_ source: Source, filter: RowFilter) {
        self.source = source
        self.filter = filter
    }

    package func forEachRow(_ body: ([ResultValue]) throws -> Void) throws {
        try source.forEachRow { row in
            if filter.admits(row) { try body(row) }
        }
    }

    /// How many there are: reads all of them.
    package func count() throws -> Int {
        var count = 0
        try forEachRow { _ in count += 1 }
        return count
    }
}
