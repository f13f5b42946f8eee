import AsyncSupport
import DeliveryChannels
import DeliveryPlanning
import FoundationEssentials
import KubernetesModel
import Logging
import ReportAPI
import ReportLayout
import ReportRecords
import ReportRendering
import ReportStores
import Synchronization
import ZoneFiles

/// Makes reports ready for their deliveries: once for each, in the background, files included.
final class Preparations: Sendable {
    private enum State {
        /// In a folder of its own.
        case beingMade(folder: String)
        case ready(PreparedReport, folder: String)
        /// So often in a row, and when it is to be tried again.
        case failed(FileTrouble, failures: Int, again: Date)
    }

    private let states = Mutex<[String: State]>([:])
    private let store: ReportStore
    private let maker: FileMaker
    private let background: Background
    /// With a folder for each preparation.
    private let folder: String
    private let clusterName: String?
    /// So many are read at once, each with its first rows in memory.
    private let turns = Turns(8)
    private let logger: Logger
    /// Has a delivery looked at again.
    private let wake: @Sendable (ObjectKey) -> Void
    private let now: @Sendable () -> Date
    private static let pauses = Backoff(first: .seconds(2), longest: .seconds(300))
    /// Rows of the body of a mail.
    private static let previewRows = 20

    init(
        store: ReportStore, maker: FileMaker, background: Background, workFolder: String, clusterName: String?,
        logger: Logger,
        now: @escaping @Sendable () -> Date, wake: @escaping @Sendable (ObjectKey) -> Void
    ) {
        self.store = store
        self.maker = maker
        self.background = background
        folder = workFolder + "/report-courier-deliveries"
        self.clusterName = clusterName
        self.logger = logger
        self.now = now
        self.wake = wake
    }

    /// Removes what a process before this one has left.
    func clear() { try? FileManager.default.removeItem(atPath: folder) }

    func files(of delivery: ReportDelivery) -> ObservedDelivery.Files {
        switch states.withLock({ $0[delivery.metadata.uid] }) {
        case nil: .notAsked
        case .beingMade: .beingMade
        case .failed(.permanent(let words), _, _): .impossible(words)
        case .failed(.transient(let words), _, let again): .troubled(words, again: again)
        case .ready(let report, _):
            .ready(
                report.files.map { file in
                    .init(
                        format: file.format.rawValue,
                        name: delivery.spec.value.map { PreparedReport.name(file.format, $0, report.identity) },
                        size: Int64(file.size), sha256: file.sha256)
                })
        }
    }

    func report(for delivery: ReportDelivery) -> PreparedReport? {
        guard case .ready(let report, _) = states.withLock({ $0[delivery.metadata.uid] }) else { return nil }
        return report
    }

    /// Begins, unless it is under way or done.
    func begin(_ delivery: ReportDelivery, formats: [OutputFormat]) {
        let uid = delivery.metadata.uid
        let place = "\(folder)/\(UUID().uuidString.lowercased())"
        let failures: Int? = states.withLock { states in
            var failures = 0
            switch states[uid] {
            case nil: break
            case .failed(_, let before, _): failures = before
            case .beingMade, .ready: return nil
            }
            states[uid] = .beingMade(folder: place)
            return failures
        }
        guard let failures else { return }
        background.begin { [self] in
            let end = await Result { () async throws(FileTrouble) in try await prepare(delivery, formats, in: place) }
            let isKept = states.withLock { states in
                // Forgotten meanwhile: nobody wants it any more, or another one is under way.
                guard case .beingMade(place)? = states[uid] else { return false }
                switch end {
                case .success(let report):
                    states[uid] = .ready(report, folder: place)
                    return true
                case .failure(let trouble):
                    states[uid] = .failed(
                        trouble, failures: failures + 1,
                        again: now().addingTimeInterval(Self.pauses.delay(failures: failures).seconds))
                    return false
                }
            }
            // What is half there would keep the room that others need.
            if !isKept { try? FileManager.default.removeItem(atPath: place) }
            wake(delivery.key)
        }
    }

    /// Lets go of what was made for it.
    func forget(_ uid: String) {
        guard case .ready(_, let place)? = states.withLock({ $0.removeValue(forKey: uid) }) else { return }
        try? FileManager.default.removeItem(atPath: place)
    }

    // MARK: Preparing

    private func prepare(
        _ delivery: ReportDelivery, _ formats: [OutputFormat], in place: String
    ) async throws(FileTrouble) -> PreparedReport {
        guard let spec = delivery.spec.value, let pinned = delivery.status?.pinned else {
            throw .permanent("the delivery isn't pinned")
        }
        do {
            var (report, attempt) = try await read(spec, pinned, for: delivery.metadata.namespace)
            for format in formats {
                let file = try await maker.file(
                    of: spec.reportID, as: format, attempt: attempt, publication: pinned.publication, only: spec.only)
                report.files.append(try await fetch(file, format, into: place))
            }
            return report
        } catch {
            throw FileTrouble(error)
        }
    }

    /// All but the files; and the attempt that they are of.
    private func read(
        _ spec: ReportDeliverySpec, _ pinned: ReportDeliveryStatus.Pinned, for namespace: String
    ) async throws -> (PreparedReport, attempt: Int) {
        try await turns.take()
        defer { turns.giveBack() }
        guard let record = try await store.record(uid: spec.reportID), record.namespace == namespace else {
            throw FileTrouble.transient("there is no report \(spec.reportID)")
        }
        let newest = try await store.result(of: spec.reportID)
        let result = newest.flatMap { newest in
            newest.attempt == pinned.attempt && newest.publication == pinned.publication ? newest : nil
        }
        let attempt = pinned.attempt ?? record.attempt
        var report = Self.notice(record, attempt: attempt, result)
        report.origin = record.origin
        // What it is called now: readers know it by that.
        report.origin.clusterName = clusterName ?? record.clusterName
        if let result { await addPreview(to: &report, record, result, only: spec.only) }
        return (report, attempt)
    }

    /// What is known of the run without its rows.
    private static func notice(_ record: ReportRecord, attempt: Int, _ result: ReportResult?) -> PreparedReport {
        let end = result?.publishedAt ?? record.completedAt ?? record.createdAt
        let stand =
            result
            ?? ReportResult(
                uid: record.uid, attempt: attempt, buckets: 0, rows: 0, columns: [], publishedAt: end)
        let job = RenderJob(.json, record, stand)
        // Of an attempt that another has followed, the record tells in a line of its own.
        let earlier = record.previousAttempts?.first { $0.attempt == attempt && attempt != record.attempt }
        var run = Dispatch.Run(attempt: attempt, phase: earlier?.phase ?? record.phase)
        run.reason = earlier.map(\.reason) ?? record.reason
        run.message = earlier == nil ? record.message : nil
        run.completedAt = earlier.map(\.completedAt) ?? record.completedAt
        run.rows = result?.rows
        run.asOf = result.map { _ in job.identity.asOf.date }
        run.requester = record.requester
        var title = job.pipelineTitle ?? record.pipeline ?? record.name
        if title == ReportRequestStatus.inlinePipelineName { title = record.name }
        if let template = job.layout?.title, let text = try? PlaceholderText(template) {
            title = text.text(of: job.identity)
        }
        return PreparedReport(identity: job.identity, run: run, title: title.onOneLine)
    }

    /// The first rows, for people. A report whose layout doesn't fit goes without: its files say why.
    private func addPreview(
        to report: inout PreparedReport, _ record: ReportRecord, _ result: ReportResult, only: [String: String]?
    ) async {
        let job = RenderJob(.html, record, result)
        do {
            var layout = try TableLayout(
                spec: job.layout, result: result, identity: job.identity, pipelineTitle: job.pipelineTitle,
                parameters: job.parameters, zone: try ZoneFiles().rules(job.timeZone), zoneName: job.timeZone)
            report.title = layout.title
            report.asOfLine = layout.asOfLine
            let rows = result.buckets > 0 ? try await store.rows(0, of: result) ?? [] : []
            let preview: TablePreview
            if let only, !only.isEmpty {
                report.run.rows = nil
                // How many of all there are is known only of what was read.
                guard result.buckets <= 1 else { return }
                let some = FilteredRows(RowList(rows), filter: try RowFilter(only, of: result.columns))
                layout.rowCount = try some.count()
                report.run.rows = layout.rowCount
                preview = try TablePreview(layout, rows: some, limit: Self.previewRows)
            } else {
                preview = try TablePreview(layout, rows: RowList(rows), limit: Self.previewRows)
            }
            report.preview = TextPreview.text(of: preview)
            if report.preview?.isEmpty == true { report.preview = layout.empty }
            report.previewHTML = HTMLRenderer.preview(preview)
        } catch {
            logger.debug(
                "A report has no preview", metadata: ["report": "\(result.uid)", "error": "\(error)"])
        }
    }

    private func fetch(
        _ file: FilePlace, _ format: OutputFormat, into place: String
    ) async throws -> PreparedReport.File {
        try await turns.take()
        defer { turns.giveBack() }
        let (bucket, name, size, sha256) =
            switch file {
            case .made(let file): (store.files, file.name, file.length, file.metadata.sha256)
            case .stage(let file): (store.stageFiles, file.name, file.size, file.sha256)
            }
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let path = "\(place)/\(format.rawValue)"
        let sink = try FileSink(path: path)
        try await bucket.read(name) { bytes in try sink.write(bytes) }
        try sink.close()
        return PreparedReport.File(format: format, path: path, size: size, sha256: sha256)
    }
}
