import ReportLayout

/// A column's format, shared: to copy one for each cell costs more than to use it.
final class CellFormat {
    let format: ValueFormat

    init(_ format: ValueFormat) { self.format = format }
}
