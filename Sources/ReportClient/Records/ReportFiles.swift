import AsyncSupport
import FoundationEssentials
package import ReportAPI
package import ReportRecords
package import ReportStores

/// Gets the file of a report: the courier makes it, if there is none yet.
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

    /// nil where none comes in time.
    private static func answer(
        to file: WantedFile, _ store: ReportStore, within limit: Duration
    ) async throws(StoreTrouble) -> WantedFile? {
        let result = await withTaskGroup(of: Result<WantedFile?, StoreTrouble>.self) { group in
            group.addTask {
                await Result { () async throws(StoreTrouble) -> WantedFile? in try await store.wanted.ask(file) }
            }
            group.addTask {
                try? await Task.sleep(for: limit)
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
