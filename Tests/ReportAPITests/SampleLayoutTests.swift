import Calendars
import Foundation
import KubernetesModel
import ReportAPI
import ReportLayout
import ReportRecords
import Testing
import YAMLCoding

/// The samples' layouts, laid over the columns that their stages publish.
@Suite struct SampleLayoutTests {
    static let samples: [(name: String, columns: [(String, String)], groups: [Int], totals: Int)] = [
        (
            "trial-balance",
            [
                ("month", "date"), ("currency", "string"), ("account", "string"), ("opening", "decimal"),
                ("debit", "decimal"), ("credit", "decimal"), ("closing", "decimal"),
            ], [1], 4
        ),
        (
            "mean-time-to-failure",
            [
                ("until", "date"), ("months", "integer"), ("system", "string"), ("components", "integer"),
                ("operatingDays", "integer"), ("failures", "integer"), ("suspensions", "integer"),
                ("mttfDays", "decimal"),
            ], [], 4
        ),
        (
            "mean-time-to-repair",
            [
                ("month", "date"), ("line", "string"), ("machine", "string"), ("repairs", "integer"),
                ("repairMinutes", "integer"), ("waitingMinutes", "integer"), ("longestMinutes", "integer"),
                ("mttrMinutes", "decimal"), ("meanDowntimeMinutes", "decimal"), ("openTickets", "integer"),
            ], [1], 3
        ),
        (
            "daily-production",
            [
                ("day", "date"), ("line", "string"), ("shift", "string"), ("target", "integer"), ("good", "integer"),
                ("scrap", "integer"), ("plannedMinutes", "integer"), ("stoppedMinutes", "integer"),
                ("attainment", "decimal"), ("availability", "decimal"), ("performance", "decimal"),
                ("quality", "decimal"), ("oee", "decimal"),
            ], [1], 5
        ),
        (
            "plant-trend",
            [
                ("month", "month"), ("days", "integer"), ("good", "integer"), ("goodChange", "decimal"),
                ("scrap", "integer"), ("oee", "decimal"), ("oeeChange", "decimal"), ("failures", "integer"),
                ("operatingDays", "integer"), ("mttfDays", "decimal"), ("mttfChange", "decimal"),
            ], [], 2
        ),
        (
            "stock-coverage",
            [
                ("material", "string"), ("orders", "integer"), ("ordered", "decimal"), ("stock", "decimal"),
                ("missing", "decimal"), ("amount", "decimal"),
            ], [], 2
        ),
        (
            "starter",
            [("month", "month"), ("customer", "string"), ("orders", "integer"), ("amount", "decimal")], [], 2
        ),
    ]

    @Test(arguments: samples) func theSamplesAreLaidOut(
        name: String, columns: [(String, String)], groups: [Int], totals: Int
    ) throws {
        // What hack/new-report writes is one too.
        let folder = Repository.root.appending(
            path: name == "starter" ? "hack/lib/starter" : "manifests/samples/\(name)")
        let pipeline = try YAMLDecoder().decode(
            ReportPipeline.self, from: try Data(contentsOf: folder.appending(path: "pipeline.yaml")))
        let spec = try #require(pipeline.spec.value)
        #expect(spec.report != nil)
        let publish = try String(contentsOf: folder.appending(path: "stages/publish.py"), encoding: .utf8)
        for (column, _) in columns { #expect(publish.contains("\"\(column)\""), "\(column) is published") }

        let now = Timestamp(seconds: 1_793_448_000)
        let layout = try TableLayout(
            spec: spec.report,
            result: ReportResult(
                uid: "u", attempt: 1, buckets: 1, rows: 1, columns: columns.map { .init(name: $0, type: $1) },
                publishedAt: now.date),
            identity: ReportIdentity(
                reportID: "u", namespace: "finance", name: "r", pipeline: name, attempt: 1, publishedAt: now, asOf: now,
                parameters: ["period": .string("2026-10"), "date": .string("2026-10-29"), "plant": .string("P100")]),
            pipelineTitle: spec.title, parameters: spec.parameters, zone: .utc, zoneName: "UTC")
        let what = ["daily-production": "2026-10-29", "stock-coverage": "P100"][name] ?? "2026-10"
        #expect(layout.title.hasSuffix(what))
        #expect(layout.groupBy == groups)
        #expect(layout.columns.count { $0.total == .sum } == totals)
    }
}
