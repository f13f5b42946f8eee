/// How numbers and dates are written somewhere. A fixed list, so that the same report reads the same everywhere.
package struct ReportLocale: Hashable, Sendable {
    /// A BCP 47 name, such as `de-DE`.
    package let name: String
    package let decimalPoint: String
    package let groupSeparator: String
    /// How a day is written where no format says so, as a format code: `dd.mm.yyyy`.
    package let dayCode: String
    /// The same of a month, such as `mmm yyyy`.
    package let monthCode: String
    /// The first is January.
    package let months: [String]
    package let shortMonths: [String]

    package static let fallback = "en-US"
}
