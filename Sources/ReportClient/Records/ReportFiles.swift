import AsyncSupport
import FoundationEssentials
package import ReportAPI
package import ReportRecords
package import ReportStores
import Synchronization

/// Gets the file of a report, or its rows back from an archive: the courier makes or fetches what isn't there yet.
package struct ReportFiles: Sendable {
    private let store: ReportStore

    /// One that was opened to follow changes.
    package init(_ store: ReportStore) { self.store = store }

    /// Throws `ClientError`: where there will be no such file, or nobody answers in time.
    package func file(
        of report: ReportRecord, as format: OutputFormat, within limit: Duration
    ) async throws(ClientError) -> WantedFile {
        let asked = WantedFile(
            id: "\(report.uid)/\(format.rawValue)/\(UUID().uuidString.lowercased())", reportID: report.uid,
            format: format.rawValue, askedAt: Date())
        let answer = try await store.ask { store throws(StoreTrouble) -> WantedFile? in
            try await Self.answer(to: asked, store, within: limit)
        }
        guard let answer else { throw .noCourier(limit) }
        if let fault = answer.fault { throw .noFile(fault) }
        return answer
    }

    /// How long a courier takes at most to say that it has begun.
    package static let takenWithin: Duration = .seconds(5)

    /// Has the rows and files of a report brought back that are in an archive alone. Returns whether they are there: a courier
    /// goes on with what takes longer than `limit`, which is more than `takenWithin`.
    ///
    /// Throws `ClientError`: `noFile` where none can, `noCourier` where none answers.
    package func bringBack(_ report: String, within limit: Duration) async throws(ClientError) -> Bool {
        let asked = WantedFile(
            id: "\(report)/\(WantedFile.rows)/\(UUID().uuidString.lowercased())", reportID: report,
            format: WantedFile.rows, askedAt: Date())
        let taken = Taken()
        let answer = try await store.ask { store throws(StoreTrouble) -> WantedFile? in
            try await Self.answer(to: asked, store, within: limit, taken)
        }
        if let fault = answer?.fault { throw .noFile(fault) }
        guard answer != nil || taken.isTaken else { throw .noCourier(Self.takenWithin) }
        return answer != nil
    }

    /// Whether a courier has begun.
    private final class Taken: Sendable {
        private let state = Mutex(false)
        var isTaken: Bool { state.withLock { $0 } }
        func take() { state.withLock { $0 = true } }
    }

    /// nil where none comes in time. `taken`: one that isn't begun soon isn't waited for.
    private static func answer(
        to file: WantedFile, _ store: ReportStore, within limit: Duration, _ taken: Taken? = nil
    ) async throws(StoreTrouble) -> WantedFile? {
        let result = await withTaskGroup(of: Result<WantedFile?, StoreTrouble>.self) { group in
            group.addTask {
                await Result { () async throws(StoreTrouble) -> WantedFile? in
                    try await store.wanted.ask(file, onTaken: { taken?.take() })
                }
            }
            group.addTask {
                if let taken {
                    try? await Task.sleep(for: min(takenWithin, limit))
                    guard taken.isTaken else { return .success(nil) }
                    try? await Task.sleep(for: max(.zero, limit - takenWithin))
                } else {
                    try? await Task.sleep(for: limit)
                }
                return .success(nil)
            }
            let first = await group.next() ?? .success(nil)
            group.cancelAll()
            return first
        }
        return try result.get()
    }

    /// Hands over the bytes of a file, in order.
    package func read(_ file: WantedFile, _ body: ([UInt8]) throws -> Void) async throws {
        let bucket = file.isStageFile == true ? store.stageFiles : store.files
        try await bucket.read(file.file ?? "", body)
    }
}
