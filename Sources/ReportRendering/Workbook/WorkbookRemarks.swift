import ReportLayout

/// What a workbook can't hold as it was published: told below the table, so that nothing is missing without a word.
struct WorkbookRemarks {
    /// One kind of it: how often, and where first.
    struct Count {
        private(set) var count = 0
        private(set) var first = ""

        mutating func add(_ cell: String) {
            if count == 0 { first = cell }
            count += 1
        }

        /// `one number (D7) has`, `3 numbers (the first: D7) have`
        func told(_ one: String, _ many: String, _ verbOfOne: String, _ verbOfMany: String) -> String {
            count == 1 ? "1 \(one) (\(first)) \(verbOfOne)" : "\(count) \(many) (the first: \(first)) \(verbOfMany)"
        }
    }

    var longNumbers = Count()
    var cutTexts = Count()
    var unknownDates = Count()
    /// Totals that are written without their formula, since it would leave text cells out.
    var plainTotals = Count()
    /// Titles of columns that have a total in the layout, and values that have no sum.
    var withoutTotal: [String] = []
    /// Those of columns whose format is too long for a workbook.
    var withoutFormat: [String] = []
    /// Of the charts that are left out.
    var charts: [String] = []

    /// Each a sentence or two.
    var sentences: [String] {
        var sentences = charts
        if longNumbers.count > 0 {
            sentences.append(
                longNumbers.told("number", "numbers", "has", "have")
                    + " more digits than the 15 that a workbook's number holds: text with all digits instead.")
        }
        if plainTotals.count > 0 {
            sentences.append(
                plainTotals.told("total", "totals", "is exact and includes", "are exact and include")
                    + " such text, which no formula adds up: a value instead.")
        }
        if unknownDates.count > 0 {
            sentences.append(
                unknownDates.told("date", "dates", "is", "are")
                    + " before March 1900 or after the year 9999, which a workbook has no date for: text instead.")
        }
        if cutTexts.count > 0 {
            sentences.append(
                cutTexts.told("text", "texts", "is", "are")
                    + " longer than the 32,767 characters that a workbook's cell holds, and cut at “…”. The report's"
                    + " CSV and JSON have all of it.")
        }
        sentences += withoutTotal.map { "“\($0)” has no total: some of its values can't be added up exactly." }
        sentences += withoutFormat.map { "“\($0)” is shown without its format, which is too long for a workbook." }
        return sentences
    }
}
