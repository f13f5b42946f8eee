import Calendars
import FoundationEssentials
import Glibc
import KubernetesModel
import ProgramPages
import ReportAPI
import ReportLayout
import ReportRecords
import ReportRendering

/// `RenderingBench FORMAT ROWS FILE`: makes a report of that many rows, and prints the processor time in seconds and the
/// highest memory in MiB.
///
/// Run by hack/lib/bench.
@main
enum RenderingBench {
    static func main() throws {
        // As the courier does.
        ProgramPages.drop()
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let count = Int(arguments[2]), let renderer = renderers[arguments[1]] else {
            print("usage: RenderingBench \(renderers.keys.sorted().joined(separator: "|")) ROWS FILE")
            exit(64)
        }
        let descriptor = open(arguments[3], O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else {
            perror(arguments[3])
            exit(74)
        }
        defer { close(descriptor) }
        try renderer(layout(rows: count), LedgerRows(count: count), descriptor)
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
        print("\(seconds) \(Double(usage.ru_maxrss) / 1024)")
    }

    private static let renderers: [String: @Sendable (TableLayout, LedgerRows, Int32) throws -> Void] = [
        "pdf": { try PDFRenderer.render($0, rows: $1, to: $2) },
        "xlsx": { try WorkbookRenderer.render($0, rows: $1, to: $2) },
    ]

    private static func layout(rows: Int) throws -> TableLayout {
        let amount = "#,##0.00;(#,##0.00)"
        let columns: [(name: String, type: String, format: String?)] = [
            ("Account", "string", nil), ("Name", "string", nil), ("Partner", "string", nil),
            ("Currency", "string", nil), ("Day", "date", nil), ("Debit", "decimal", amount),
            ("Credit", "decimal", amount), ("Balance", "decimal", amount),
        ]
        let published = Timestamp(seconds: 1_793_448_000)
        return try TableLayout(
            spec: LayoutSpec(
                columns: columns.map {
                    .init(name: $0.name, format: $0.format, total: $0.type == "decimal" ? "sum" : nil)
                }),
            result: ReportResult(
                uid: "0b8f", attempt: 1, buckets: 1, rows: rows,
                columns: columns.map { .init(name: $0.name, type: $0.type) }, publishedAt: published.date),
            identity: ReportIdentity(
                reportID: "0b8f4c1e-7f3a-4a52-9d0e-6a1c3f0e2b77", namespace: "bench", name: "ledger", attempt: 1,
                publishedAt: published, asOf: published),
            pipelineTitle: "Ledger", parameters: nil, zone: .utc, zoneName: "UTC")
    }
}
