import ReportLayout

/// The measures of a report's pages, in points.
struct PageGeometry {
    let width: Double
    let height: Double
    let columns: ColumnPlan

    static let margin = 42.5
    /// Top of the first line of all.
    static let top = 42.0

    var left: Double { Self.margin }
    var right: Double { width - Self.margin }
    var room: Double { width - 2 * Self.margin }

    /// Chooses landscape where the columns want it and the layout doesn't say.
    init(_ layout: TableLayout, _ wishes: [ColumnPlan.Wish]) {
        let (narrow, wide) = layout.pageSize.points
        let upright = ColumnPlan(wishes, room: narrow - 2 * Self.margin)
        let orientation = layout.orientation ?? (upright.isPleasant ? .portrait : .landscape)
        (width, height) = orientation == .portrait ? (narrow, wide) : (wide, narrow)
        columns = orientation == .portrait ? upright : ColumnPlan(wishes, room: wide - 2 * Self.margin)
    }

    /// Left edges of a panel's columns.
    func edges(of panel: [Int]) -> [Double] {
        var x = left
        return panel.map { column in
            defer { x += columns.widths[column] + columns.gap }
            return x
        }
    }

    /// Right edge of a panel's last column.
    func end(of panel: [Int]) -> Double {
        panel.reduce(left - columns.gap) { $0 + columns.widths[$1] + columns.gap }
    }
}

extension TableLayout.PageSize {
    /// The shorter side and the longer one.
    var points: (Double, Double) {
        switch self {
        case .a4: (595.28, 841.89)
        case .a3: (841.89, 1190.55)
        case .letter: (612, 792)
        case .legal: (612, 1008)
        }
    }
}
