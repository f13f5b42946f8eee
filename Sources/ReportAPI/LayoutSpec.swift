/// How the rows of a report are shown to its readers: `spec.report` of a pipeline, pinned with it.
///
/// What can be one of a few words is a text here, so that one that this version doesn't know is read all the same, and
/// told as a fault (`LayoutCheck`).
public struct LayoutSpec: Codable, Hashable, Sendable {
    /// `Trial balance {period}`: `{parameter}` stands for its value, `{{` for a brace. The pipeline's title when absent.
    public var title: String?
    public var subtitle: String?
    /// Such as `de-DE`; `en-US` when absent.
    public var locale: String?
    /// A name of the zone database, for instants alone. The schedule's zone when absent, else UTC.
    public var timeZone: String?
    public var page: Page?
    /// Which columns are shown, in which order; all, as published, when absent.
    public var columns: [Column]?
    /// Names of columns, the outermost first.
    public var groupBy: [String]?
    /// Whether the sums of the whole are below the last row; true when absent. False where those of the groups can't be
    /// added, as those of currencies.
    public var grandTotal: Bool?
    public var charts: [Chart]?
    /// What is below the last row.
    public var notes: String?
    /// What a report without rows says.
    public var empty: String?

    /// The zone of a report's moments: the layout's, else that of the schedule which asked for it, else UTC.
    public static func timeZone(of layout: LayoutSpec?, schedule: String?) -> String {
        layout?.timeZone ?? schedule ?? "UTC"
    }

    public struct Page: Codable, Hashable, Sendable {
        /// `A4` (when absent), `A3`, `Letter` or `Legal`.
        public var size: String?
        /// `portrait` or `landscape`; what the columns' widths ask for when absent.
        public var orientation: String?

        public init(size: String? = nil, orientation: String? = nil) {
            self.size = size
            self.orientation = orientation
        }
    }

    public struct Column: Codable, Hashable, Sendable {
        /// As the stage publishes it.
        public var name: String
        /// The heading; the name when absent.
        public var title: String?
        /// In characters; from the data when absent.
        public var width: Int?
        /// A number-format code of Excel's, such as `#,##0.00;(#,##0.00)`.
        public var format: String?
        /// `sum`, or `none` (when absent).
        public var total: String?

        public init(
            name: String, title: String? = nil, width: Int? = nil, format: String? = nil, total: String? = nil
        ) {
            self.name = name
            self.title = title
            self.width = width
            self.format = format
            self.total = total
        }
    }

    public struct Chart: Codable, Hashable, Sendable {
        /// `bar` or `line`.
        public var type: String
        public var title: String?
        /// The column whose values are along the axis.
        public var x: String
        /// The columns that are drawn, each a series.
        ///
        /// Not `y`, which kubectl's YAML reads as true.
        public var series: [String]

        public init(type: String, title: String? = nil, x: String, series: [String]) {
            self.type = type
            self.title = title
            self.x = x
            self.series = series
        }
    }

    public init(
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
