public import ArgumentParser
import FoundationEssentials
import Glibc
import ReportAPI
import ReportClient
import ReportRecords
import ReportStores

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Save a report as PDF, workbook, CSV, HTML or JSON.",
        discussion: """
            Of a report that succeeded, however long ago. Where there is no file of that format yet, the courier makes it \
            of what the report has published. Asks the gateway where its address is known (--gateway, $REPORT_GATEWAY), else \
            MongoDB.

            For example: report tb-2026-10 --format xlsx
                         report 5e0f5a3c-9a43-4c7e-8d0b-2f8f4b0c7a11 -o tb.pdf
            """)

    @Argument(help: "The report's id, or the name of its request.", completion: Completion.requests)
    var report: String

    @Option(
        name: .shortAndLong, help: "Which file: \(OutputFormat.list).",
        completion: .list(OutputFormat.allCases.map(\.rawValue)))
    var format = OutputFormat.pdf

    @Option(
        name: .shortAndLong, help: "Where to save it, or - for standard output. Default: NAME.FORMAT.",
        completion: .file())
    var output: String?

    @Option(help: "Seconds to wait for it, 1 to 3600.")
    var timeout = 300

    @OptionGroup var records: RecordOptions
    @OptionGroup var cluster: ClusterOptions

    func validate() throws {
        try NameArgument.checkNotEmpty(report, "the report's id or name")
        try NameArgument.checkNotEmpty(output, "--output")
        guard (1...3600).contains(timeout) else {
            throw ValidationError("--timeout: \(timeout) is out of bounds; allowed are 1 to 3600")
        }
    }

    func run() async throws {
        let session = try cluster.session()
        switch try await records.source(session, followsChanges: true) {
        case .store(let store): try await save(store, session)
        case .gateway(let records): try await save(records, session)
        }
    }

    private func save(_ records: GatewayRecords, _ session: Session) async throws {
        let record = try await session.explaining {
            try await records.record(report, namespace: session.namespace).record
        }
        let place = output ?? "\(record.name).\(format.rawValue)"
        let target = try SavedFile(place)
        try await session.explaining {
            try await records.file(of: record.uid, as: format.rawValue, within: .seconds(timeout)) {
                try target.write(Array($0))
            }
        }
        try target.finish()
        if place != "-" { Out.line(place) }
    }

    private func save(_ store: ReportStore, _ session: Session) async throws {
        let record = try await session.explaining {
            try await ReportLookup(store, namespace: session.namespace).record(report)
        }
        let result = try await session.explaining {
            try await store.ask { store throws(StoreTrouble) in try await store.result(of: record.uid) }
        }
        if let result { _ = try await session.atHand(result, of: record, store, within: .seconds(timeout)) }
        let files = ReportFiles(store)
        let place = output ?? "\(record.name).\(format.rawValue)"
        let target = try SavedFile(place)
        let file = try await session.explaining {
            try await files.file(of: record, as: format, within: .seconds(timeout))
        }
        do {
            try await files.read(file) { try target.write($0) }
        } catch let trouble as StoreTrouble {
            throw Trouble("\(trouble)")
        }
        try target.finish()
        if place != "-" { Out.line(place) }
        if let result { Out.hint("  as of \(AsOf.text(record, result))") }
    }
}

extension OutputFormat: ExpressibleByArgument {}

/// A file that is there once it is whole, and not before.
private final class SavedFile {
    private let place: String
    private let unfinished: String?
    private let file: UnsafeMutablePointer<FILE>

    /// `-` is standard output.
    init(_ place: String) throws {
        self.place = place
        guard place != "-" else {
            guard let file = fdopen(STDOUT_FILENO, "wb") else { throw Self.trouble(place) }
            unfinished = nil
            self.file = file
            return
        }
        let unfinished = "\(place).unfinished-\(getpid())"
        guard let file = fopen(unfinished, "wbx") else { throw Self.trouble(place) }
        self.unfinished = unfinished
        self.file = file
    }

    deinit {
        guard let unfinished else { return }
        fclose(file)
        unlink(unfinished)
    }

    func write(_ bytes: [UInt8]) throws {
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw Self.trouble(place) }
    }

    func finish() throws {
        guard fflush(file) == 0 else { throw Self.trouble(place) }
        guard let unfinished else { return }
        guard fsync(fileno(file)) == 0, rename(unfinished, place) == 0 else { throw Self.trouble(place) }
    }

    private static func trouble(_ place: String) -> Trouble {
        Trouble("--output: \(place) can't be written: \(String(cString: strerror(errno)))")
    }
}
