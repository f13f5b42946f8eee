/// How numbers and dates are written somewhere, and the few words of a report that aren't a layout's.
///
/// A fixed list with the values of CLDR 47, so that the same report reads the same everywhere, whatever the machine that
/// makes it has.
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
    /// The first is Sunday.
    package let weekdays: [String]
    package let shortWeekdays: [String]
    package let morning: String
    package let afternoon: String
    /// What Excel calls the language, in hexadecimal digits: names of months follow it, not the reader's own.
    package let excelLanguage: String
    package let words: Words

    /// What is in every report.
    package struct Words: Hashable, Sendable {
        package let yes: String
        package let no: String
        package let total: String
        /// What a report without rows says where the layout has no `empty`.
        package let noRows: String
        /// With a place for the moment.
        let asOf: String
        /// With places for the page and how many there are.
        let page: String
        /// Within a chart that has none to draw.
        package let noValues: String
        /// Beside a group's heading on a page after its own.
        package let continued: String
        /// What a group of rows without a value is called.
        package let noGroup: String
        /// With places for the first and the last column of a page, and how many there are.
        let columns: String
        /// With places for how many are shown and how many there are.
        let firstRows: String
        let firstColumns: String
        /// With places for the chart's title, its points and the most there may be.
        let chartLeftOut: String

        /// `As of 2026-10-31 13:00 Europe/Berlin`: when the source was read.
        package func asOf(_ moment: String) -> String { asOf.replacing("{}", with: moment) }

        /// `Page 1 of 3`
        package func page(_ number: Int, of count: Int) -> String { page("\(number)", of: "\(count)") }

        /// With what stands for the numbers where a program puts them in: `Page &P of &N`.
        package func page(_ number: String, of count: String) -> String {
            page.replacing("{n}", with: number).replacing("{m}", with: count)
        }

        /// `Columns 10–18 of 200`, where a table goes on sideways.
        package func columns(_ first: Int, to last: Int, of count: Int) -> String {
            columns.replacing("{a}", with: "\(first)").replacing("{b}", with: "\(last)")
                .replacing("{n}", with: "\(count)")
        }

        /// `The first 20 of 1,234 rows.`
        package func firstRows(_ shown: String, of count: String) -> String {
            firstRows.replacing("{n}", with: shown).replacing("{m}", with: count)
        }

        package func firstColumns(_ shown: String, of count: String) -> String {
            firstColumns.replacing("{n}", with: shown).replacing("{m}", with: count)
        }

        /// Instead of a chart with more points than can be told apart.
        package func chartLeftOut(_ title: String, points: String, limit: String) -> String {
            // The title last: what it says isn't a place.
            chartLeftOut.replacing("{n}", with: points).replacing("{m}", with: limit)
                .replacing("{title}", with: title)
        }
    }

    /// nil where it isn't on the list.
    package static func named(_ name: String) -> ReportLocale? { all.first { $0.name == name } }
}
