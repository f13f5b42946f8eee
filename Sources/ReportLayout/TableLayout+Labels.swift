package import ReportRecords

extension TableLayout {
    /// Places in `published` of what a file of data has: the columns that the rows are grouped by, where they aren't shown
    /// anyway, and those that are shown.
    package var dataColumns: [Int] { groupBy.filter { !shown.contains($0) } + shown }

    /// What begins a group: `Currency: EUR`.
    package func heading(column: Int, value: ResultValue) -> String {
        "\(published[column].title): \(groupText(column: column, value: value))"
    }

    /// Before a group's sums: `Total EUR`.
    package func subtotalLabel(column: Int, value: ResultValue) -> String {
        "\(locale.words.total) \(groupText(column: column, value: value))"
    }

    private func groupText(column: Int, value: ResultValue) -> String {
        let text = published[column].format.text(of: value).text
        return text.isEmpty ? "–" : text
    }
}

extension TableLayout {
    /// How many there are, as the locale writes numbers.
    package func count(_ number: Int) -> String {
        ValueFormat(code: nil, kind: .decimal, locale: locale, zone: zone)
            .text(of: .decimal(ExactDecimal(Int64(number)))).text
    }
}
