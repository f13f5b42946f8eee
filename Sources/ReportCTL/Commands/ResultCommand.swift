import ArgumentParser
import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportClient
import ReportLayout
import ReportRecords
import ReportStores

struct ResultCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "result",
        abstract: "Print the rows that a report has published.",
        discussion: """
            As a table, as CSV with a header, or as JSON: a list of objects, in which decimal numbers are strings, so that \
            no digit is lost. Asks the gateway where its address is known (--gateway, $REPORT_GATEWAY), else MongoDB.

            For example: result tb-2026-10 --format csv
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, csv, json
    }

    @Argument(help: "The report's id, or the name of its request.", completion: Completion.requests)
    var report: String

    @Option(help: "Output format: table, csv or json.")
    var format = Format.table

    @OptionGroup var records: RecordOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws { try NameArgument.checkNotEmpty(report, "the report's id or name") }

    func run() async throws {
        let session = try cluster.session()
        switch try await records.source(session, followsChanges: true) {
        case .store(let store): try await show(store, session)
        case .gateway(let records): try await show(records, session)
        }
    }

    private func show(_ records: GatewayRecords, _ session: Session) async throws {
        let found = try await session.explaining { try await records.record(report, namespace: session.namespace) }
        var printer: ResultPrinter?
        var asOf: String?
        // Each part is checked by itself: the first that doesn't fit is told.
        var warning: String?
        let hasRows = try await session.explaining {
            try await records.rows(of: found.record.uid) { part in
                var current =
                    printer ?? ResultPrinter(columns: part.columns, format: format, terminal: .standardOutput())
                Out.write(current.text(part.rows, isLast: part.isLast))
                printer = current
                asOf = part.asOf ?? asOf
                warning = warning ?? part.warning
            }
        }
        guard hasRows else { throw withoutRows(found.record, session) }
        if let asOf { Out.hint("as of \(asOf)") }
        if let warning { Out.hint("Warning: \(warning)") }
    }

    private func withoutRows(_ record: ReportRecord, _ session: Session) -> Trouble {
        Trouble(
            "\(record.name) has published no rows; it is \(record.phase.rawValue)",
            advice: [session.command("history", record.uid), session.command("logs", record.name)])
    }

    private func show(_ store: ReportStore, _ session: Session) async throws {
        let record = try await session.explaining {
            try await ReportLookup(store, namespace: session.namespace).record(report)
        }
        let published = try await session.explaining {
            try await store.ask { store throws(StoreTrouble) in try await store.result(of: record.uid) }
        }
        guard let published else { throw withoutRows(record, session) }
        let result = try await session.atHand(published, of: record, store)
        var printer = ResultPrinter(columns: result.columns, format: format, terminal: .standardOutput())
        var check = ColumnCheck(result.columns)
        var count = 0
        for bucket in 0..<result.buckets {
            let rows = try await session.explaining {
                try await store.ask { store throws(StoreTrouble) in try await store.rows(bucket, of: result) }
            }
            guard let rows else {
                throw Trouble("part \(bucket + 1) of \(result.buckets) of the rows is missing in MongoDB")
            }
            count += rows.count
            for row in rows { check.take(row) }
            Out.write(printer.text(rows, isLast: bucket == result.buckets - 1))
        }
        if result.buckets == 0 { Out.write(printer.text([], isLast: true)) }
        guard count == result.rows else {
            throw Trouble("there are \(count) rows in MongoDB, but \(result.rows) were published")
        }
        Out.hint("as of \(AsOf.text(record, result))")
        if let sentence = check.sentence { Out.hint("Warning: \(sentence)") }
    }
}

/// Writes rows part by part, so that a large result needs no more memory than a small one.
struct ResultPrinter {
    private let columns: [ReportResult.Column]
    private let format: ResultCommand.Format
    private let terminal: Terminal
    private let object: JSONRow
    private var isFirst = true
    private var hasRows = false
    /// Of the first part's cells: later ones may be wider.
    private var widths: [Int] = []

    init(columns: [ReportResult.Column], format: ResultCommand.Format, terminal: Terminal) {
        self.columns = columns
        self.format = format
        self.terminal = terminal
        let places = Dictionary(columns.enumerated().map { ($1.name, $0) }) { first, _ in first }
        object = JSONRow(places.sorted { $0.key < $1.key }.map { (key: $0.key, place: $0.value) })
    }

    mutating func text(_ rows: [[ResultValue]], isLast: Bool) -> String {
        defer { isFirst = false }
        switch format {
        case .csv:
            var bytes: [UInt8] = []
            if isFirst { CSVText.lines.appendHeader(columns.map(\.name), to: &bytes) }
            for row in rows { CSVText.lines.appendRow(row, to: &bytes) }
            return String(decoding: bytes, as: UTF8.self)
        case .json:
            let lines = rows.map { row in
                var bytes: [UInt8] = []
                object.append(row, to: &bytes)
                return String(decoding: bytes, as: UTF8.self).escapingControlsInJSON
            }
            let begin = (isFirst ? "[" : "") + (hasRows && !lines.isEmpty ? "," : "")
            hasRows = hasRows || !lines.isEmpty
            return begin + (lines.isEmpty ? "" : "\n") + lines.joined(separator: ",\n") + (isLast ? "\n]\n" : "")
        case .table: return table(rows)
        }
    }

    private mutating func table(_ rows: [[ResultValue]]) -> String {
        let cells = rows.map { $0.map { StyledText($0.description) } }
        let header = columns.map { StyledText($0.name.uppercased(), .strong) }
        if isFirst {
            widths = columns.indices.map { index in
                ([header] + cells).map { $0.indices.contains(index) ? $0[index].count : 0 }.max() ?? 0
            }
        }
        return ((isFirst ? [header] : []) + cells).map { row in
            let line = row.enumerated().reduce(StyledText("")) { line, cell in
                let (index, text) = cell
                let isRight = columns.indices.contains(index) && Self.isNumber(columns[index])
                let width = widths.indices.contains(index) ? widths[index] : 0
                return line + (index == 0 ? "" : "   ") + text.padded(to: width, isRight: isRight)
            }
            return line.rendered(color: terminal.usesColor) + "\n"
        }.joined()
    }

    private static func isNumber(_ column: ReportResult.Column) -> Bool {
        ["decimal", "integer", "number", "double", "int", "long"].contains(column.type ?? "")
    }
}
