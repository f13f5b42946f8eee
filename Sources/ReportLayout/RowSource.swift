package import ReportRecords

/// The rows of a result, to be gone through as often as a renderer needs: once to measure, once to draw.
package protocol RowSource {
    /// In their order. A row has as many values as there are published columns.
    func forEachRow(_ body: ([ResultValue]) throws -> Void) throws
}

/// Rows that are held in memory, for what is small.
package struct RowList: RowSource {
    package let rows: [[ResultValue]]

    package init(_ rows: [[ResultValue]]) { self.rows = rows }

    package func forEachRow(_ body: ([ResultValue]) throws -> Void) rethrows { try rows.forEach(body) }
}
