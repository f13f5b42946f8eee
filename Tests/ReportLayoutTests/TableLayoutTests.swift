import Calendars
import KubernetesModel
import ReportAPI
import ReportRecords
import Testing

@testable import ReportLayout

struct TableLayoutTests {
    @Test func withoutALayoutThereIsAPlainTableOfAllColumns() throws {
        let layout = try Sample.layout(nil)
        #expect(layout.title == "Trial balance")
        #expect(layout.columns.map(\.title) == ["account", "currency", "day", "closing", "note"])
        #expect(layout.columns.map(\.kind) == [.string, .string, .date, .decimal, .string])
        #expect(layout.locale.name == "en-US" && layout.pageSize == .a4 && layout.orientation == nil)
        #expect(layout.empty == "This report has no rows." && layout.rowCount == 3 && !layout.hasTotals)
    }

    @Test func columnsAreShownInTheLayoutsOrder() throws {
        let layout = try Sample.layout(
            LayoutSpec(
                title: "Balance {period}", subtitle: "Company {company}, {namespace}/{pipeline} {{x}", locale: "de-DE",
                page: .init(size: "Letter", orientation: "landscape"),
                columns: [
                    .init(name: "closing", title: "Closing {period}", width: 12, total: "sum"), .init(name: "account"),
                ],
                groupBy: ["currency"], charts: [.init(type: "line", title: "All", x: "account", series: ["closing"])],
                notes: "one\ntwo", empty: "Nothing in {period}."))
        #expect(layout.title == "Balance 2026-10")
        #expect(layout.subtitle == "Company 310507, finance/trial-balance {x}")
        #expect(layout.columns.map(\.title) == ["Closing 2026-10", "account"])
        #expect(layout.columns.map(\.width) == [12, nil] && layout.hasTotals)
        #expect(layout.groupBy == [1], "of a column that isn't shown")
        #expect(layout.charts.map(\.kind) == [.line] && layout.charts.map(\.y) == [[3]])
        #expect(layout.notes == "one\ntwo" && layout.empty == "Nothing in 2026-10.")
        #expect(layout.pageSize == .letter && layout.orientation == .landscape)
        #expect(layout.asOfLine == "Stand 2026-10-31 11:43 UTC")
    }

    @Test func everyFaultIsNamed() {
        let spec = LayoutSpec(
            title: "Balance {peroid}", locale: "de-AT", page: .init(size: "B5", orientation: "upright"),
            columns: [
                .init(name: "clsing"), .init(name: "account", width: 0, total: "sum"),
                .init(name: "account", total: "average"), .init(name: "note", total: "sum"),
            ],
            groupBy: ["ledger"], charts: [.init(type: "pie", x: "month", series: ["account", "closing"])])
        let faults = #expect(throws: LayoutFaults.self) { try Sample.layout(spec) }
        #expect(
            faults?.messages == [
                """
                spec.report.title: "{peroid}" is unknown; allowed are {report}, {namespace}, {pipeline}, {company}, \
                {period}; write {{ for a brace
                """,
                """
                spec.report.locale: "de-AT" is unknown; allowed are en-US, en-GB, de-DE, fr-FR, es-ES, pt-BR, ja-JP, \
                zh-CN
                """,
                #"spec.report.page.size: "B5" is unknown; allowed are A4, A3, Letter, Legal"#,
                #"spec.report.page.orientation: "upright" is unknown; allowed are portrait, landscape"#,
                "spec.report.columns[1].width: 0 is out of bounds; allowed are 1 to 200 characters",
                #"spec.report.columns[2].name: "account" is given twice"#,
                #"spec.report.columns[2].total: "average" is unknown; allowed are none, sum"#,
                #"spec.report.charts[0].type: "pie" is unknown; allowed are bar, line"#,
                """
                spec.report.columns[0].name: "clsing" is not among the columns that were published; there are \
                account, currency, day, closing, note
                """,
                """
                spec.report.columns[1].total: "account" was published as string, which has no sum; leave the total \
                out, or write none
                """,
                """
                spec.report.columns[3].total: "note" was published without a type, which has no sum; leave the \
                total out, or write none
                """,
                """
                spec.report.groupBy[0]: "ledger" is not among the columns that were published; there are account, \
                currency, day, closing, note
                """,
                """
                spec.report.charts[0].x: "month" is not among the columns that were published; there are account, \
                currency, day, closing, note
                """,
                #"spec.report.charts[0].series[0]: "account" was published as string; a chart draws numbers alone"#,
            ])
    }

    @Test func aFormatFitsItsColumn() throws {
        let faults = #expect(throws: LayoutFaults.self) {
            try Sample.layout(
                LayoutSpec(columns: [
                    .init(name: "account", format: "0.00"), .init(name: "day", format: "#,##0"),
                    .init(name: "closing", format: "yyyy"), .init(name: "note", format: "0.00"),
                ]))
        }
        #expect(
            faults?.messages == [
                """
                spec.report.columns[0].format: "account" was published as string; "0.00" changes no text; leave it out
                """,
                """
                spec.report.columns[1].format: "day" was published as date; "#,##0" is of numbers; a date needs one \
                such as yyyy-mm-dd
                """,
                """
                spec.report.columns[2].format: "closing" was published as decimal; "yyyy" is of dates; a number needs \
                one such as #,##0.00
                """,
            ], "a column without a type may hold numbers")
    }

    @Test func theZoneIsTheLayoutsElseTheSchedulesElseUTC() {
        let layout = LayoutSpec(timeZone: "Europe/Berlin")
        #expect(LayoutSpec.timeZone(of: layout, schedule: "Asia/Tokyo") == "Europe/Berlin")
        #expect(LayoutSpec.timeZone(of: LayoutSpec(), schedule: "Asia/Tokyo") == "Asia/Tokyo")
        #expect(LayoutSpec.timeZone(of: nil, schedule: nil) == "UTC")
    }

    @Test func aColumnPublishedTwiceIsFoundByItsFirstPlace() throws {
        var result = Sample.result
        result.columns.append(.init(name: "account", type: "decimal"))
        let layout = try TableLayout(
            spec: LayoutSpec(columns: [.init(name: "account")]), result: result, identity: Sample.identity,
            pipelineTitle: nil, zone: .utc, zoneName: "UTC")
        #expect(layout.shown == [0] && layout.title == "trial-balance")
    }

    @Test func aParameterThatWasNotGivenIsEmptyWhereThePipelineDeclaresIt() throws {
        let declared = [ParameterSpec(name: "plant", type: .string)]
        #expect(try Sample.layout(LayoutSpec(title: "Plant {plant}."), parameters: declared).title == "Plant .")
        #expect(throws: LayoutFaults.self) { try Sample.layout(LayoutSpec(title: "Plant {plant}.")) }
    }
}
