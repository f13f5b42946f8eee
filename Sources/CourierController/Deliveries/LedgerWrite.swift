import AsyncSupport
import ReportStores

/// A write of a ledger that is tried until its outcome is known.
struct LedgerWrite: Sendable {
    let background: Background
    /// Writes; false where somebody else has written meanwhile.
    let write: @Sendable () async -> Result<Bool, StoreTrouble>
    /// Tells of a try that failed.
    let tell: @Sendable (StoreTrouble) -> Void

    /// Whether a claim is written. One whose answer was lost may be written all the same, so it is written again until that is known:
    /// else nobody would touch what was claimed for minutes, and then nobody would know that it was never sent.
    func isClaimed(by deadline: ContinuousClock.Instant) async -> Bool {
        var pauses = Backoff(first: .milliseconds(100), longest: .seconds(5)).delays
        while true {
            switch await write() {
            case .success(let isWritten): return isWritten
            case .failure(let trouble): tell(trouble)
            }
            guard ContinuousClock.now < deadline, !background.isEnding,
                (try? await Task.sleep(for: pauses.next())) != nil
            else { return false }
        }
    }

    /// Whether what came of a claim is written; nil where the process ends before that is known. Then the claim is over some day,
    /// and what was claimed is of unknown fate.
    func isSettled() async -> Bool? {
        var pauses = Backoff(first: .milliseconds(100), longest: .seconds(10)).delays
        while true {
            // Even when the process is ending: it has enough time left for this.
            switch await Task(operation: { await write() }).value {
            case .success(let isWritten): return isWritten
            case .failure(let trouble): tell(trouble)
            }
            guard (try? await Task.sleep(for: pauses.next())) != nil else { return nil }
        }
    }
}
