/// A column of a report's table.
package struct TableColumn: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case string, integer, decimal, double, boolean
        /// A day, which no zone shifts.
        case date
        /// The first day of a month, or its text `2026-10`.
        case month
        /// An instant, shown in the report's zone.
        case timestamp

        /// Whether its values are aligned right, and can be added up.
        package var isNumber: Bool { self == .integer || self == .decimal || self == .double }

        /// Of a published column: one that says nothing, or what this version doesn't know, is shown as its values are.
        package init(published type: String?) {
            self = type == "number" ? .double : type.flatMap(Self.init(rawValue:)) ?? .string
        }
    }

    package enum Total: String, Sendable, CaseIterable {
        case none, sum
    }

    package var name: String
    package var title: String
    package var kind: Kind
    /// In characters; nil: from the data.
    package var width: Int?
    package var format: ValueFormat
    package var total: Total

    package init(
        name: String, title: String, kind: Kind, width: Int? = nil, format: ValueFormat, total: Total = .none
    ) {
        self.name = name
        self.title = title
        self.kind = kind
        self.width = width
        self.format = format
        self.total = total
    }
}
