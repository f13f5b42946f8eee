package import ReportRecords

/// What a table has below its header, line by line.
package enum TableLine: Hashable, Sendable {
    /// Begins a group; level 0 is the outermost. The value is the group's.
    case heading(level: Int, column: Int, value: ResultValue)
    case row([ResultValue])
    /// Ends a group: the sums stand at the places of `published`, nil where a column has none. `count`: its rows.
    case subtotal(level: Int, column: Int, value: ResultValue, sums: [ResultValue?], count: Int)
    /// The end of the table, where a column has a total.
    case total(sums: [ResultValue?], count: Int)
}
