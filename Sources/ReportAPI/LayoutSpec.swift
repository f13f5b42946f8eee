/// How the rows of a report are shown to its readers: `spec.report` of a pipeline, pinned with it.
///
/// What can be one of a few words is a text here, so that one that this version doesn't know is read all the same, and
/// told as a fault (`LayoutCheck`).
package struct LayoutSpec: Codable, Hashable, Sendable {
    /// `Trial balance {period}`: `{parameter}` stands for its value, `{{` for a brace. The pipeline's title when absent.
    package var title: String?
    package var subtitle: String?
    /// Such as `de-DE`; `en-US` when absent.
    package var locale: String?
    /// A name of the zone database, for instants alone. The schedule's zone when absent, else UTC.
    package var timeZone: String?
    package var page: Page?
    /// Which columns are shown, in which order; all, as published, when absent.
    package var columns: [Column]?
    /// Names of columns, the outermost first.
    package var groupBy: [String]?
    /// Whether the sums of the whole stand below the last row; true when absent. False where those of the groups can't be
    /// added, as those of currencies.
    package var grandTotal: Bool?
    package var charts: [Chart]?
    /// What stands below the last row.
    package var notes: String?
    /// What a report without rows says.
    package var empty: String?

    /// The zone of a report's moments: the layout's, else that of the schedule which asked for it, else UTC.
    package static func timeZone(of layout: LayoutSpec?, schedule: String?) -> String {
        layout?.timeZone ?? schedule ?? "UTC"
    }

    package struct Page: Codable, Hashable, Sendable {
        /// `A4` (when absent), `A3`, `Letter` or `Legal`.
        package var size: String?
        /// `portrait` or `landscape`; what the columns' widths ask for when absent.
        package var orientation: String?

        package init(size: String? = nil, orientation: String? = nil) {
            self.size = size
            self.orientation = orientation
        }
    }

    package struct Column: Codable, Hashable, Sendable {
        /// As the stage publishes it.
        package var name: String
        /// The heading; the name when absent.
        package var title: String?
        /// In characters; from the data when absent.
        package var width: Int?
        /// A number-format code of Excel's, such as `#,##0.00;(#,##0.00)`.
        package var format: String?
        /// `sum`, or `none` (when absent).
        package var total: String?

        package init(
            name: String, title: String? = nil, width: Int? = nil, format: String? = nil, total: String? = nil
        ) {
            self.name = name
            self.title = title
            self.width = width
            self.format = format
            self.total = total
        }
    }

    package struct Chart: Codable, Hashable, Sendable {
        /// `bar` or `line`.
        package var type: String
        package var title: String?
        /// The column whose values stand along the axis.
        package var x: String
        /// The columns that are drawn, each a series.
        ///
        /// Not `y`, which kubectl's YAML reads as true.
        package var series: [String]

        package init(type: String, title: String? = nil, x: String, series: [String]) {
            self.type = type
            self.title = title
            self.x = x
            self.series = series
        }
    }

    package init(
        title: String? = nil, subtitle: String? = nil, locale: String? = nil, timeZone: String? = nil,
        page: Page? = nil, columns: [Column]? = nil, groupBy: [String]? = nil,
        grandTotal: Bool? = nil, charts: [Chart]? = nil, notes: String? = nil, empty: String? = nil
    ) {
        self.title = title
        self.subtitle = subtitle
        self.locale = locale
        self.timeZone = timeZone
        self.page = page
        self.columns = columns
        self.groupBy = groupBy
        self.grandTotal = grandTotal
        self.charts = charts
        self.notes = notes
        self.empty = empty
    }
}
