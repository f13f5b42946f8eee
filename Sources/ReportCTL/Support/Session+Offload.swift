import AsyncSupport
import ReportClient
import ReportRecords
import ReportStores

extension Session {
    /// What was published, once its rows and files are in MongoDB: a courier that was given the archive brings them back.
    func atHand(
        _ result: ReportResult, of record: ReportRecord, _ store: ReportStore, within limit: Duration = .seconds(60)
    ) async throws -> ReportResult {
        guard let offload = result.offloaded else { return result }
        Out.hint("\(record.name) is in the archive \(offload.archive); a courier that has it is asked to bring it back")
        let end = await Result { () async throws(ClientError) in
            try await ReportFiles(store).bringBack(record.uid, within: limit)
        }
        switch end {
        case .success(true): break
        case .success(false):
            throw Trouble(
                "\(record.name) is still being brought back from the archive \(offload.archive)",
                advice: ["run the command again in a while"])
        case .failure(.noFile), .failure(.noCourier):
            throw Trouble("\(record.name): \(offload.sentence(record.uid))")
        case .failure(let error): throw Trouble(error, session: self)
        }
        let back = try await explaining {
            try await store.ask { store throws(StoreTrouble) in try await store.result(of: record.uid) }
        }
        guard let back, back.offloaded == nil else {
            throw Trouble("\(record.name) has changed while it was brought back; run the command again")
        }
        return back
    }
}
