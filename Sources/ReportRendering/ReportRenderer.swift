package import ReportLayout

/// Makes a report's file of one format. The same layout and rows give the same bytes.
///
/// Blocking, and in a process of its own: see the courier's `render`.
package protocol ReportRenderer {
    /// Writes the whole file to an open descriptor, which it doesn't close.
    ///
    /// Throws `RenderError`, or what the rows' source throws. Memory doesn't grow with the rows.
    static func render(_ layout: TableLayout, rows: some RowSource, to descriptor: Int32) throws
}
