package import Calendars
package import KubernetesModel

/// A layout brought together with what was published: all that a renderer needs besides the rows.
package struct TableLayout: Sendable {
    package enum PageSize: String, Sendable, CaseIterable {
        case a4 = "A4"
        case a3 = "A3"
        case letter = "Letter"
        case legal = "Legal"
    }

    package enum Orientation: String, Sendable, CaseIterable {
        case portrait, landscape
    }

    package struct Chart: Sendable {
        package enum Kind: String, Sendable, CaseIterable {
            case bar, line
        }

        package var kind: Kind
        package var title: String?
        /// Place of the column along the axis, in a published row.
        package var x: Int
        /// Those of the series.
        package var y: [Int]
    }

    package var identity: ReportIdentity
    package var title: String
    package var subtitle: String?
    package var notes: String?
    /// What is said where there are no rows.
    package var empty: String
    package var locale: ReportLocale
    /// For instants alone.
    package var zone: ZoneRules
    package var zoneName: String
    package var pageSize: PageSize
    /// nil: what the columns' widths ask for.
    package var orientation: Orientation?
    /// All that was published, in its order, which is that of a row's values.
    package var published: [TableColumn]
    /// Places in `published` of the columns that are shown, in that order.
    package var shown: [Int]
    /// Places in `published` of the columns that the rows are grouped by, the outermost first.
    package var groupBy: [Int]
    /// Whether the sums of the whole are shown, where there are any.
    package var grandTotal = true
    package var charts: [Chart]
    /// How many rows there are.
    package var rowCount: Int

    package var columns: [TableColumn] { shown.map { published[$0] } }
    /// Whether there are sums, be they of the groups alone.
    package var hasTotals: Bool { columns.contains { $0.total == .sum } }
    package var hasGrandTotal: Bool { grandTotal && hasTotals }
    /// `As of 2026-10-31 12:00 UTC`, in the report's zone: when the source was read.
    package var asOfLine: String { locale.words.asOf(identity.asOf.shown(in: zone, named: zoneName)) }
}

extension Timestamp {
    /// `2026-10-31 13:00 Europe/Berlin`
    package func shown(in zone: ZoneRules, named name: String) -> String {
        let local = zone.local(self)
        return "\(local.date) \(local.hour.padded(to: 2)):\(local.minute.padded(to: 2)) \(name)"
    }
}
