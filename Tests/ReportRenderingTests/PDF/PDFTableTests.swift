import Foundation
import ReportRecords
import Testing

@testable import ReportLayout
@testable import ReportRendering

/// Groups, sums, colours, wide tables and charts.
struct PDFTableTests {
    @Test func groupsHaveHeadingsAndSums() throws {
        let sample = PDFSample.ledger(rowsOfCurrency: 3)
        let lines = try PDFFile.cells(sample.pdf().text())
        var total = DecimalSum()
        for currency in ["EUR", "JPY", "USD"] {
            let heading = try #require(lines.firstIndex { $0.joined(separator: " ") == "Currency \(currency)" })
            #expect(lines[heading + 1].contains(currency))
            var sums = (DecimalSum(), DecimalSum())
            for row in sample.rows where row[2] == .string(currency) {
                sums.0.add(row[4])
                sums.1.add(row[5])
                total.add(row[5])
            }
            let texts = zip([4, 5], [sums.0, sums.1]).map { column, sum in
                sample.layout.published[column].format.text(of: sum.value ?? .null).text
            }
            #expect(lines.contains(["Total \(currency)"] + texts))
        }
        let last = try #require(lines.last { $0.first == "Total" })
        #expect(last.last == sample.layout.published[5].format.text(of: total.value ?? .null).text)
    }

    /// Kerning brings some letters farther apart than they are by themselves, as in `MTTR`, whose column has nothing wider.
    @Test(arguments: ["MTTR", "TTTTTT", "LTLTL", "AVATAR", "WAVE", "Tf", "Ångström", "yv.", "“TT”"])
    func noWordIsBrokenByItsKerning(word: String) throws {
        let titled = PDFSample(
            [PDFSample.column("Machine"), PDFSample.column(word, .integer)], [[.string("a"), .integer(1)]])
        #expect(try PDFFile.cells(titled.pdf().text()).contains { $0.contains(word) }, "as a title")
        let filled = PDFSample([PDFSample.column("M"), PDFSample.column("N")], [[.string("a"), .string(word)]])
        #expect(try PDFFile.cells(filled.pdf().text()).contains(["a", word]), "as a cell")
    }

    @Test func aGroupGoesOnWithItsHeadingAndALinkBack() throws {
        let file = try PDFSample.ledger(rowsOfCurrency: 70).pdf()
        try file.check()
        for page in try file.pages.dropFirst() {
            let lines = PDFFile.cells(page)
            let first = try #require(lines.dropFirst(2).first)
            #expect(first.joined(separator: " ").hasPrefix("Currency "))
        }
        #expect(try file.text().contains("(continued)"))
        let commands = try file.commands
        #expect(commands.contains("/Subtype /Link"))
        for currency in ["EUR", "JPY", "USD"] { #expect(commands.contains("/Title (Currency  \(currency))")) }
    }

    @Test func wordsAreOfTheReportsLocale() throws {
        var sample = PDFSample.ledger(rowsOfCurrency: 70)
        sample.layout.locale = try #require(ReportLocale.named("de-DE"))
        for row in sample.rows.indices { sample.rows[row][2] = .null }
        let text = try sample.pdf().text()
        for words in ["Seite 1 von 5", "Stand 2026-10-31", "Summe (ohne)", "(Fortsetzung)"] {
            #expect(text.contains(words), "\(words)")
        }
    }

    @Test func bookmarksOfInnerGroupsStandBelowTheOuter() throws {
        var sample = PDFSample.ledger(rowsOfCurrency: 8)
        sample.layout.groupBy = [2, 1]
        let file = try sample.pdf()
        try file.check()
        #expect(try file.commands.contains("/First"))
    }

    @Test func redSectionsAreRed() throws {
        let red = "0.72 0.07 0.07 rg"
        let code = "0.00;[Red]-0.00"
        for (cents, isRed) in [(-150, true), (150, false)] {
            let sample = PDFSample([PDFSample.column("A", .decimal, format: code)], [[PDFSample.amount(cents)]])
            #expect(try sample.pdf().commands.contains(red) == isRed)
        }
    }

    @Test func twoHundredColumnsGoOnSideways() throws {
        let titles = ["Key"] + (1..<200).map { "C\($0)" }
        let rows = (0..<30).map { row in ["key\(row)"] + (1..<200).map { "r\(row)c\($0)" } }
        let file = try PDFSample(titles, texts: rows).pdf()
        try file.check()
        let pages = try file.pages
        #expect(pages.count > 5)
        var found: [String: Set<String>] = [:]
        for (place, page) in pages.enumerated() {
            #expect(page.contains("Page \(place + 1) of \(pages.count)"))
            #expect(page.contains("of 200"))
            for line in PDFFile.cells(page) where line[0].hasPrefix("key") {
                found[line[0], default: []].formUnion(line.dropFirst())
            }
        }
        for row in rows { #expect(found[row[0]] == Set(row.dropFirst())) }
    }

    @Test func aWideTableKeepsItsSumsAndGroups() throws {
        var columns = [PDFSample.column("Key")]
        for index in 1..<60 { columns.append(PDFSample.column("C\(index)", .integer, total: .sum)) }
        let rows = (0..<120).map { row in
            [.string("key\(row / 60)")] + (1..<60).map { ResultValue.integer(Int64(row * 100_000 + $0)) }
        }
        var sample = PDFSample(columns, rows)
        sample.layout.groupBy = [0]
        let file = try sample.pdf()
        try file.check()
        let sums = try PDFFile.cells(file.text()).filter { $0[0] == "Total" }.flatMap { $0.dropFirst() }
        #expect(sums.count == 59)
    }

    @Test(arguments: [TableLayout.Chart.Kind.bar, .line])
    func chartsAreDrawn(kind: TableLayout.Chart.Kind) throws {
        var sample = PDFSample.ledger(rowsOfCurrency: 4)
        let plain = try sample.pdf().commands.count
        sample.layout.charts = [TableLayout.Chart(kind: kind, title: "Closing by account", x: 0, y: [4, 5])]
        let file = try sample.pdf()
        try file.check()
        #expect(try file.text().contains("Closing by account"))
        #expect(try file.commands.count > plain + 1000)
        #expect(try Set(PDFFile.cells(file.text())).isSuperset(of: sample.texts))
    }

    @Test func aChartOfTooManyPointsSaysSo() throws {
        var sample = PDFSample.ledger(rowsOfCurrency: 300)
        sample.layout.charts = [TableLayout.Chart(kind: .line, title: "Closing", x: 0, y: [5])]
        #expect(try sample.pdf().text().contains("900 points"))
    }

    @Test func chartsOfAWideTableStandOnPagesOfTheirOwn() throws {
        let titles = ["Key"] + (1..<100).map { "C\($0)" }
        var sample = PDFSample(titles, texts: [["k"] + (1..<100).map { "v\($0)" }])
        sample.layout.charts = [TableLayout.Chart(kind: .bar, title: "Chart", x: 0, y: [1])]
        let file = try sample.pdf()
        try file.check()
        #expect(try file.pages.last?.contains("v99") == true)
    }

    @Test func longNotesGoOnOverPages() throws {
        var sample = PDFSample.ledger(rowsOfCurrency: 1)
        let words = (0..<3000).map { "note\(1000 + $0)" }
        sample.layout.notes = words.joined(separator: " ")
        let file = try sample.pdf()
        try file.check()
        #expect(try file.text(isLayout: false).matches(of: /note\d{4}/).map { String($0.output) } == words)
    }
}
