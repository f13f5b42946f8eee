import AsyncSupport
import Digests
import FoundationEssentials
import KubernetesModel
package import Logging
package import ReportAPI
import ReportLayout
package import ReportRecords
package import ReportStores

/// Finds the file of a report in a format, or makes it: once, however many callers ask at once.
package actor FileMaker {
    private let store: ReportStore
    private let renderer: RenderProcess
    private let archive: ArchiveRetrieval?
    private let logger: Logger
    /// Those that are being made, by name.
    private var making: [String: Task<ReportFile, any Error>] = [:]
    /// Limits the processes at once: each may take the memory of its limits.
    private let turns: Turns

    /// `archive`: where reports come back from that have been offloaded.
    package init(
        store: ReportStore, renderer: RenderProcess, archive: ArchiveRetrieval? = nil, concurrency: Int = 1,
        logger: Logger
    ) {
        self.store = store
        self.renderer = renderer
        self.archive = archive
        self.logger = logger
        turns = Turns(concurrency)
    }

    /// Whether reports that have been offloaded come back.
    nonisolated var bringsBack: Bool { archive != nil }

    /// Brings rows and files of a report back that are in an archive alone. Throws `FileTrouble`.
    package func bringBack(_ report: String) async throws(FileTrouble) {
        do {
            guard let result = try await store.result(of: report) else {
                throw FileTrouble.permanent("report \(report.head(bytes: 64)) has published no rows")
            }
            _ = try await atHand(result)
        } catch {
            throw FileTrouble(error)
        }
    }

    /// What was published, once its rows and files are in MongoDB.
    func atHand(_ result: ReportResult) async throws -> ReportResult {
        guard let offload = result.offloaded else { return result }
        guard let archive else { throw FileTrouble.permanent(offload.sentence(result.uid)) }
        try await archive.bringBack(result.uid, offload)
        guard let back = try await store.result(of: result.uid), back.place == result.place, back.offloaded == nil
        else {
            throw FileTrouble.transient("report \(result.uid) has changed while it was brought back from the archive")
        }
        return back
    }

    /// Throws `FileTrouble`.
    package func file(of report: String, as format: OutputFormat) async throws(FileTrouble) -> FilePlace {
        do {
            let (record, result) = try await published(report)
            return try await file(format, record, result)
        } catch {
            throw FileTrouble(error)
        }
    }

    /// The file of what an attempt published, also where another attempt has followed and published again: then it is
    /// found, but no more made.
    ///
    /// Throws `FileTrouble`.
    package func file(
        of report: String, as format: OutputFormat, attempt: Int, publication: String?, only: [String: String]? = nil
    ) async throws(FileTrouble) -> FilePlace {
        do {
            guard let record = try await store.record(uid: report), let result = try await store.result(of: report),
                result.attempt == attempt, result.publication == publication
            else {
                // A part of its rows has a name that can't be known any more.
                guard only?.isEmpty ?? true else { throw FileTrouble.permanent(Self.replaced(attempt, format)) }
                let place = ReportResult.place(of: report, attempt: attempt, publication: publication)
                if let found = try await store.files.newest(below: "\(place)/\(format.rawValue)/") {
                    return .made(found)
                }
                throw FileTrouble.permanent(Self.replaced(attempt, format))
            }
            guard record.phase == .succeeded || record.attempt > attempt else {
                return try await file(of: report, as: format)
            }
            return try await file(format, record, result, only: only)
        } catch {
            throw FileTrouble(error)
        }
    }

    /// As `file(of:as:)`, and whole: one whose bytes in MongoDB are damaged is made again. Reads all of it.
    package func wholeFile(of report: String, as format: OutputFormat) async throws(FileTrouble) -> FilePlace {
        let place = try await file(of: report, as: format)
        guard case .made(let file) = place else { return place }
        do {
            try await Self.read(.made(file), from: store) { _ in }
            return place
        } catch let damage as DamagedFile {
            do { try await remove(file, damage) } catch { throw FileTrouble(error) }
        } catch {
            throw FileTrouble(error)
        }
        return try await self.file(of: report, as: format)
    }

    /// Makes a file again whose bytes in MongoDB are damaged.
    ///
    /// Throws `FileTrouble`, also where it can't be made any more: then what is left of it stays.
    func remake(
        _ file: ReportFile, _ damage: DamagedFile, of report: String, as format: OutputFormat, attempt: Int,
        publication: String?, only: [String: String]?
    ) async throws(FileTrouble) -> FilePlace {
        do {
            guard let result = try await store.result(of: report), result.attempt == attempt,
                result.publication == publication
            else { throw FileTrouble.permanent("\(damage); \(Self.replaced(attempt, format))") }
            try await remove(file, damage)
        } catch {
            throw FileTrouble(error)
        }
        return try await self.file(of: report, as: format, attempt: attempt, publication: publication, only: only)
    }

    private func remove(_ file: ReportFile, _ damage: DamagedFile) async throws {
        logger.warning("A file is made again", metadata: ["report": "\(file.metadata.reportID)", "why": "\(damage)"])
        try await store.files.remove(file)
    }

    /// The bytes of a file, in order.
    ///
    /// Throws `DamagedFile` where they aren't what was stored; what was handed over is not the file then.
    static func read(_ place: FilePlace, from store: ReportStore, _ body: ([UInt8]) throws -> Void) async throws {
        let (bucket, name, size, sha256) =
            switch place {
            case .made(let file): (store.files, file.name, file.length, file.metadata.sha256)
            case .stage(let file): (store.stageFiles, file.name, file.size, file.sha256)
            }
        let check = ByteCheck(name: name, size: size, sha256: sha256)
        do {
            try await bucket.read(name) { bytes in
                try check.take(bytes)
                try body(bytes)
            }
        } catch let trouble as StoreTrouble {
            guard trouble.isMissing else { throw trouble }
            throw DamagedFile(description: "\(trouble)")
        }
        try check.finish()
    }

    private static func replaced(_ attempt: Int, _ format: OutputFormat) -> String {
        "what attempt \(attempt) published has been replaced before a \(format.rawValue) file was made of it; send the newest "
            + "attempt instead (kubectl report resend)"
    }

    private func file(
        _ format: OutputFormat, _ record: ReportRecord, _ result: ReportResult, only: [String: String]? = nil
    ) async throws -> FilePlace {
        let result = try await atHand(result)
        var job = RenderJob(format, record, result)
        if let only, !only.isEmpty {
            // A stage's own file holds all rows.
            job.only = only
            return .made(try await made(job))
        }
        if let own = result.files?[format.rawValue] {
            try await StageFileCheck(store: store, result: result).check(own, format: format)
            return .stage(own)
        }
        return .made(try await made(job))
    }

    private func published(_ report: String) async throws -> (ReportRecord, ReportResult) {
        guard let record = try await store.record(uid: report) else {
            throw FileTrouble.permanent("there is no report \(report.head(bytes: 64))")
        }
        guard record.phase == .succeeded else {
            throw FileTrouble.permanent(
                "report \(record.namespace)/\(record.name) is \(record.phase.rawValue); only one that succeeded has files"
            )
        }
        guard let result = try await store.result(of: report) else {
            throw FileTrouble.permanent(
                "report \(record.namespace)/\(record.name) has published no rows; a stage does that (docs/writing-a-stage.md)"
            )
        }
        return (record, result)
    }

    private func made(_ job: RenderJob) async throws -> ReportFile {
        let name = try job.fileName()
        if let task = making[name] { return try await task.value }
        let task = Task { try await findOrMake(job, name) }
        making[name] = task
        defer { making[name] = nil }
        return try await task.value
    }

    private func findOrMake(_ job: RenderJob, _ name: String) async throws -> ReportFile {
        if let found = try await store.files.file(named: name) { return found }
        try await turns.take()
        defer { turns.giveBack() }
        let start = ContinuousClock.now
        let made = try await renderer.make(job) { path in
            try await store.writeRows(of: job.result, to: path)
        }
        let source = try FileSource(path: made.path)
        let file = ReportFile(
            name: name, length: source.length, uploadedAt: Date(),
            metadata: .init(
                reportID: job.result.uid, format: job.format.rawValue, sha256: try source.sha256(),
                rows: job.result.rows,
                renderer: RenderJob.rendererVersion))
        let outcome = try await store.files.store(file, nextChunk: source.nextChunk)
        logger.info(
            "Made a file",
            metadata: [
                "report": "\(job.result.uid)", "format": "\(job.format.rawValue)", "rows": "\(job.result.rows)",
                "bytes": "\(file.length)", "took": "\(ContinuousClock.now - start)",
            ])
        switch outcome {
        case .stored: return file
        case .found(let other): return other
        }
    }
}

/// Where a file of a report is.
package enum FilePlace: Hashable, Sendable {
    case made(ReportFile)
    case stage(ReportResult.StageFile)
}
