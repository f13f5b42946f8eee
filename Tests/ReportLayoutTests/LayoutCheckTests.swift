import ReportAPI
import TestSupport
import Testing

@testable import ReportLayout

struct LayoutCheckTests {
    static let table: [(LayoutSpec, [String])] = [
        (LayoutSpec(), []),
        (LayoutSpec(columns: [.init(name: "a"), .init(name: "b")], groupBy: ["c"]), []),
        (LayoutSpec(title: ""), ["title: is empty; leave it out, or write something"]),
        (
            LayoutSpec(title: String(repeating: "ä", count: 201)),
            ["title: 201 characters are given; at most 200 are allowed"]
        ),
        (LayoutSpec(title: "{{period}"), []),
        (LayoutSpec(subtitle: "{period"), [#"subtitle: "{period" is not closed; write {{ for a brace"#]),
        (LayoutSpec(columns: []), ["columns: at least one is required"]),
        (
            LayoutSpec(columns: (0..<201).map { .init(name: "\($0)") }),
            ["columns: 201 are given; at most 200 are allowed"]
        ),
        (
            LayoutSpec(columns: [.init(name: "a", width: 201)]),
            ["columns[0].width: 201 is out of bounds; allowed are 1 to 200 characters"]
        ),
        (LayoutSpec(columns: [.init(name: "a"), .init(name: "a")]), [#"columns[1].name: "a" is given twice"#]),
        (LayoutSpec(groupBy: ["a", "a"]), [#"groupBy[1]: "a" is given twice"#]),
        (LayoutSpec(groupBy: (0..<9).map { "\($0)" }), ["groupBy: 9 are given; at most 8 are allowed"]),
        (
            LayoutSpec(charts: Array(repeating: .init(type: "bar", x: "a", series: ["b"]), count: 9)),
            ["charts: 9 are given; at most 8 are allowed"]
        ),
        (
            LayoutSpec(charts: [.init(type: "bar", x: "a", series: ["b", "b"])]),
            [#"charts[0].series[1]: "b" is given twice"#]
        ),
        (
            LayoutSpec(columns: [.init(name: "a", format: "")]),
            ["columns[0].format: is empty; leave it out, or write one such as 0.00"]
        ),
    ]

    @Test(arguments: table) func everyFaultNamesItsField(layout: LayoutSpec, faults: [String]) {
        let parameters = [ParameterSpec(name: "period", type: .month)]
        #expect(
            LayoutCheck.faults(in: layout, parameters: parameters, at: "spec.report")
                == faults.map { "spec.report.\($0)" })
    }

    @Test func placeholdersAreLeftAloneWhereTheParametersArentKnown() {
        #expect(LayoutCheck.faults(in: LayoutSpec(title: "{anything}"), parameters: nil, at: "report") == [])
        #expect(LayoutCheck.faults(in: LayoutSpec(title: "{anything}"), parameters: [], at: "report").count == 1)
    }

    /// Comparing or searching a text may cost the square of a long run of accents.
    @Test func accentsCostNoMoreThanLetters() {
        let accents = String(repeating: "\u{301}\u{316}", count: 50_000)
        let layout = LayoutSpec(
            title: accents, locale: accents, timeZone: accents, page: .init(size: accents),
            columns: [.init(name: accents, title: accents, format: accents, total: accents), .init(name: accents)],
            groupBy: [accents, accents], charts: [.init(type: accents, x: accents, series: [accents, accents])],
            notes: String(accents.unicodeScalars.prefix(4090)) + "{a}", empty: "{\(accents)}")
        let begin = ProcessorTime.ofThisThread
        #expect(LayoutCheck.faults(in: layout, parameters: [], at: "report").count == 17)
        let time = ProcessorTime.ofThisThread - begin
        #expect(time < .seconds(2), "\(time)")
    }

    @Test func enormousNamesMakeShortMessages() {
        let name = String(repeating: "x", count: 100_000)
        let layout = LayoutSpec(
            title: "{\(name)}", locale: name, columns: [.init(name: name, format: "0\(name)"), .init(name: name)])
        #expect(LayoutCheck.faults(in: layout, parameters: [], at: "report").allSatisfy { $0.utf8.count < 500 })
    }
}
