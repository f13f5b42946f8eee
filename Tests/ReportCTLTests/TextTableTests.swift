import KubernetesModel
import ReportAPI
import ReportClient
import TestSupport
import Testing

@testable import ReportCTL

struct TextTableTests {
    @Test func columnsAreAsWideAsTheyNeedToBe() {
        var table = TextTable(columns: [.init(title: "NAME"), .init(title: "ROWS", isRight: true), .init(title: "X")])
        table.rows = [["tb-2026-10", "7", ""], ["a", "12345", "y"]]
        #expect(
            table.rendered(Terminal()) == """
                NAME          ROWS   X
                tb-2026-10       7
                a            12345   y

                """)
    }

    @Test func theWidestOfTheColumnsThatMayShrinkAreCutFirst() {
        var table = TextTable("NAME", "PIPELINE", "PHASE")
        table.rows = [["abcdefghijklmnopqrst", "abcdefghijkl", "Running"]]
        table.fit([0, 1], to: 36)
        #expect(table.lines()[1].rendered(color: false) == "abcdefghij…   abcdefghijkl   Running")
        table.fit([0, 1], to: 10)
        #expect(table.lines()[1].rendered(color: false) == "abcdefg…   abcdefg…   Running")
    }

    @Test(
        arguments: [
            (0, "0s"), (119, "119s"), (120, "2m"), (125, "2m5s"), (700, "11m"), (10_800, "3h"), (11_400, "3h10m"),
            (36_000, "10h"), (180_000, "2d2h"), (900_000, "10d"), (70_000_000, "2y80d"),
        ] as [(Int64, String)])
    func agesAreShortenedAsKubectlDoes(seconds: Int64, text: String) {
        #expect(Moments.age(.start, now: .start.after(seconds)) == text)
    }

    @Test func momentsAreOfTheZone() {
        let moments = Moments { _ in 2 * 3600 }
        #expect(moments.clock(.start) == "10:00:00")
        #expect(moments.full(.start) == "2027-01-15 10:00:00")
        #expect(Moments.utc.full(.start) == "2027-01-15 08:00:00")
    }
}

struct ServerTableTests {
    private static let columns: [ResourceTable.Column] = [
        .init(name: "Name"), .init(name: "Pipeline"), .init(name: "Phase"), .init(name: "Requester", priority: 1),
    ]

    private func row(_ name: String, _ phase: String, at seconds: Int64, requester: String = "dana")
        -> ResourceTable.Row
    {
        .init(
            cells: [.string(name), .string("tb"), phase.isEmpty ? .null : .string(phase), .string(requester)],
            object: .init(
                metadata: ObjectMeta(name: name, namespace: "finance", creationTimestamp: .start.after(seconds))))
    }

    private func table(_ rows: ResourceTable.Row...) -> ServerTable {
        // Columns come with the first page alone.
        ServerTable([.init(columns: Self.columns, rows: [rows[0]]), .init(columns: [], rows: Array(rows.dropFirst()))])
    }

    @Test func theNewestComesFirstAndColumnsAreTheServers() {
        var table = table(row("a", "Failed", at: 0), row("b", "", at: 5), row("c", "Running", at: 5))
        table.sort()
        #expect(
            table.table(isWide: false, showsNamespace: false).rendered(Terminal()) == """
                NAME   PIPELINE   PHASE
                b      tb
                c      tb         Running
                a      tb         Failed

                """)
        let wide = table.table(isWide: true, showsNamespace: true).lines()[0].rendered(color: false)
        #expect(wide == "NAMESPACE   NAME   PIPELINE   PHASE     REQUESTER")
    }

    @Test(
        arguments: [
            (RequestFilter(phase: "failed"), ["a"]), (RequestFilter(active: true), ["b", "c"]),
            (RequestFilter(requester: "lee"), ["c"]), (RequestFilter(pipeline: "other"), []),
            (RequestFilter(pipeline: "tb"), ["a", "b", "c"]),
        ] as [(RequestFilter, [String])])
    func filtersKeepWhatSaysSo(filter: RequestFilter, names: [String]) {
        var table = table(
            row("a", "Failed", at: 0), row("b", "", at: 5), row("c", "Running", at: 5, requester: "lee"))
        table.keep(filter)
        #expect(table.rows.compactMap(\.object?.metadata.name) == names)
    }

    @Test func phasesHaveColours() {
        var terminal = Terminal()
        terminal.usesColor = true
        let text = table(row("a", "Failed", at: 0)).table(isWide: false, showsNamespace: false).rendered(terminal)
        #expect(text.contains("\u{1B}[31mFailed\u{1B}[0m"))
    }
}
