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
        case beingMade(UUID)
        /// Since then.
        case ready(PreparedReport, Date)
        /// So often in a row, and when it is to be tried again.
        case failed(FileTrouble, failures: Int, again: Date)
    }

    private let states = Mutex<[String: State]>([:])
    /// Sends under way of each.
    private let sends = Mutex<[String: Int]>([:])
    private let store: ReportStore
    private let maker: FileMaker
    private let background: Background
    private let shelf: FileShelf
    private let clusterName: String?
    /// Limits how many are read at once, each with its first rows in memory.
    private let turns = Turns(8)
    private let logger: Logger
    /// Has a delivery looked at again.
    private let wake: @Sendable (ObjectKey) -> Void
    private let now: @Sendable () -> Date
    private let isFull = Mutex(false)
    private static let pauses = Backoff(first: .seconds(2), longest: .seconds(300))
    /// Seconds after which there may be room.
    private static let pauseForRoom: TimeInterval = 5
    /// Seconds for which what is ready stays so, though nothing of it is sent and others need the room.
    private static let leastStay: TimeInterval = 10
    /// Rows of the body of a mail.
    private static let previewRows = 20

    init(
        store: ReportStore, maker: FileMaker, background: Background, shelf: FileShelf, clusterName: String?,
        logger: Logger,
        now: @escaping @Sendable () -> Date, wake: @escaping @Sendable (ObjectKey) -> Void
    ) {
        self.store = store
        self.maker = maker
        self.background = background
        self.shelf = shelf
        self.clusterName = clusterName
        self.logger = logger
        self.now = now
        self.wake = wake
    }

    /// Whether reports that have been offloaded come back.
    var bringsBack: Bool { maker.bringsBack }

    func files(of delivery: ReportDelivery) -> ObservedDelivery.Files {
        switch states.withLock({ $0[delivery.metadata.uid] }) {
        case nil: .notAsked
        case .beingMade: .beingMade
        case .failed(.permanent(let words), _, _): .impossible(words)
        case .failed(.transient(let words), _, let again), .failed(.noRoom(let words), _, let again):
            .troubled(words, again: again)
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

    /// For one send, whose files stay until it is given back.
    func borrow(for delivery: ReportDelivery) -> PreparedReport? {
        let uid = delivery.metadata.uid
        return states.withLock { states in
            guard case .ready(let report, _) = states[uid] else { return nil }
            sends.withLock { $0[uid, default: 0] += 1 }
            shelf.keep(report.files.map(\.key))
            return report
        }
    }

    func giveBack(_ report: PreparedReport, of delivery: ReportDelivery) {
        sends.withLock { sends in
            let rest = (sends[delivery.metadata.uid] ?? 1) - 1
            sends[delivery.metadata.uid] = rest > 0 ? rest : nil
        }
        shelf.giveBack(report.files.map(\.key))
    }

    /// Begins, unless it is under way or done.
    func begin(_ delivery: ReportDelivery, formats: [OutputFormat]) {
        let uid = delivery.metadata.uid
        let id = UUID()
        let failures: Int? = states.withLock { states in
            var failures = 0
            switch states[uid] {
            case nil: break
            case .failed(_, let before, _): failures = before
            case .beingMade, .ready: return nil
            }
            states[uid] = .beingMade(id)
            return failures
        }
        guard let failures else { return }
        background.begin { [self] in
            let end = await Result { () async throws(FileTrouble) in try await prepare(delivery, formats) }
            let isKept = states.withLock { states in
                // Forgotten meanwhile: nobody wants it any more, or another one is under way.
                guard case .beingMade(id)? = states[uid] else { return false }
                switch end {
                case .success(let report): states[uid] = .ready(report, now())
                case .failure(.noRoom(let words)):
                    let again = now().addingTimeInterval(Self.pauseForRoom)
                    states[uid] = .failed(.noRoom(words), failures: failures, again: again)
                case .failure(let trouble):
                    states[uid] = .failed(
                        trouble, failures: failures + 1,
                        again: now().addingTimeInterval(Self.pauses.delay(failures: failures).seconds))
                }
                return true
            }
            if !isKept, case .success(let report) = end { shelf.giveBack(report.files.map(\.key)) }
            noteRoom(end)
            wake(delivery.key)
        }
    }

    /// Lets go of what was made for it.
    func forget(_ uid: String) {
        guard case .ready(let report, _)? = states.withLock({ $0.removeValue(forKey: uid) }) else { return }
        shelf.giveBack(report.files.map(\.key))
    }

    // MARK: Room

    /// Lets go of files of which nothing is being sent, such as where a channel is away: those that were ready first go first.
    /// They are fetched again when it is their turn.
    private func makeRoom(for size: Int) {
        let before = now().addingTimeInterval(-Self.leastStay)
        let idle = states.withLock { states in
            states.compactMap { uid, state -> (uid: String, since: Date)? in
                guard case .ready(let report, let since) = state, since < before, !report.files.isEmpty,
                    sends.withLock({ $0[uid] }) == nil
                else { return nil }
                return (uid, since)
            }
        }.sorted { $0.since < $1.since }
        for (uid, _) in idle where !shelf.hasRoom(for: size) { forget(uid) }
    }

    /// Said once, and again after there was room.
    private func noteRoom(_ end: Result<PreparedReport, FileTrouble>) {
        if case .failure(.noRoom(let words)) = end {
            let wasFull = isFull.withLock { isFull in
                defer { isFull = true }
                return isFull
            }
            if !wasFull { logger.warning("Deliveries wait for room", metadata: ["reason": "\(words)"]) }
        } else if case .success(let report) = end, !report.files.isEmpty {
            isFull.withLock { $0 = false }
        }
    }

    // MARK: Preparing

    private func prepare(
        _ delivery: ReportDelivery, _ formats: [OutputFormat]
    ) async throws(FileTrouble) -> PreparedReport {
        guard let spec = delivery.spec.value, let pinned = delivery.status?.pinned else {
            throw .permanent("the delivery isn't pinned")
        }
        var files: [PreparedReport.File] = []
        do {
            var (report, attempt) = try await read(spec, pinned, for: delivery.metadata.namespace)
            for format in formats {
                let file = try await maker.file(
                    of: spec.reportID, as: format, attempt: attempt, publication: pinned.publication, only: spec.only)
                do {
                    files.append(try await fetch(file, format))
                } catch let damage as DamagedFile {
                    guard case .made(let damaged) = file else { throw damage }
                    let again = try await maker.remake(
                        damaged, damage, of: spec.reportID, as: format, attempt: attempt,
                        publication: pinned.publication, only: spec.only)
                    files.append(try await fetch(again, format))
                }
            }
            report.files = files
            return report
        } catch {
            // What is half there would keep the room that others need.
            shelf.giveBack(files.map(\.key))
            throw FileTrouble(error)
        }
    }

    /// All but the files; and the attempt that they are of.
    private func read(
        _ spec: ReportDeliverySpec, _ pinned: ReportDeliveryStatus.Pinned, for namespace: String
    ) async throws -> (PreparedReport, attempt: Int) {
        guard let record = try await store.record(uid: spec.reportID), record.namespace == namespace else {
            throw FileTrouble.transient("there is no report \(spec.reportID)")
        }
        let newest = try await store.result(of: spec.reportID)
        var result = newest.flatMap { newest in
            newest.attempt == pinned.attempt && newest.publication == pinned.publication ? newest : nil
        }
        if let published = result { result = try await maker.atHand(published) }
        let attempt = pinned.attempt ?? record.attempt
        var report = Self.notice(record, attempt: attempt, result)
        report.origin = record.origin
        // What it is called now: readers know it by that.
        report.origin.clusterName = clusterName ?? record.clusterName
        if let result {
            // Not before: what comes back from an archive takes long, and others are to go on meanwhile.
            try await turns.take()
            defer { turns.giveBack() }
            await addPreview(to: &report, record, result, only: spec.only)
        }
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

    private func fetch(_ file: FilePlace, _ format: OutputFormat) async throws -> PreparedReport.File {
        try await turns.take()
        defer { turns.giveBack() }
        let (name, size, sha256) =
            switch file {
            case .made(let file): (file.name, file.length, file.metadata.sha256)
            case .stage(let file): (file.name, file.size, file.sha256)
            }
        let key = "\(name) \(sha256)"
        func take() async throws -> String {
            try await shelf.take(key, size: size) { [store] path in
                let sink = try FileSink(path: path)
                try await FileMaker.read(file, from: store) { bytes in try sink.write(bytes) }
                try sink.close()
            }
        }
        let path: String
        do {
            path = try await take()
        } catch is FileShelf.Full {
            makeRoom(for: size)
            path = try await take()
        }
        return PreparedReport.File(format: format, key: key, path: path, size: size, sha256: sha256)
    }
}
