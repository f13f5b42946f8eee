import AsyncSupport
import Synchronization

/// Waits until the disk has files, many at once and while others are written: one after another would take a millisecond or
/// more for each.
final class DiskSettling: Sendable {
    /// Of a bucket. A folder isn't held: its lock goes with it, also where what waits for the disk goes on for a moment.
    private let bucket: ArchiveFolder?
    private let workers = WorkerThreads(named: "archive-disk", limit: 32)
    private let state = Mutex((open: 0, fault: (any Error)?.none))
    private let change = Signal()

    /// How many files are open at most, waiting for the disk.
    private static let limit = 64
    /// And on their way into a bucket.
    private static let remoteLimit = 16

    init(_ folder: ArchiveFolder) { bucket = folder.isRemote ? folder : nil }

    /// Nothing more is written to it from now on. Throws what went wrong with any so far.
    func take(_ output: ArchiveOutput) async throws {
        state.withLock { $0.open += 1 }
        if let bucket {
            Task {
                do {
                    try await bucket.settle(output)
                    settled(.success(()))
                } catch { settled(.failure(error)) }
            }
        } else {
            workers.post { [self] in settled(Result { try output.settle() }) }
        }
        try await wait(for: bucket != nil ? Self.remoteLimit : Self.limit)
    }

    private func settled(_ result: Result<Void, any Error>) {
        state.withLock { state in
            state.open -= 1
            if case .failure(let fault) = result { state.fault = state.fault ?? fault }
        }
        change.raise()
    }

    /// Returns once the disk has all of them.
    func finish() async throws { try await wait(for: 0) }

    /// Waits until at most `limit` are open.
    private func wait(for limit: Int) async throws {
        while true {
            let (open, fault) = state.withLock { ($0.open, $0.fault) }
            if let fault { throw fault }
            guard open > limit else { return }
            await change.wait()
            try Task.checkCancellation()
        }
    }
}
