import AsyncSupport
import ControllerRuntime
import KubernetesModel
import Logging
import ReportStores
import ServiceLifecycle

/// Reads how many rows were published, for the runs that wait for it, all of them by one query, and has them looked at
/// again. Who doesn't expect rows isn't read.
struct RowCountReader: Service {
    let published: PublishedRows
    let store: ReportStore
    let wake: @Sendable (ObjectKey) -> Void
    let logger: Logger

    func run() async {
        await cancelWhenGracefulShutdown { await read() }
    }

    private func read() async {
        var delays = StoreHealth.backoff.delays
        while !Task.isCancelled {
            let uids = published.due()
            guard !uids.isEmpty else {
                await published.sleep()
                continue
            }
            switch await Result(catching: { () async throws(StoreTrouble) in try await store.rowCounts(of: uids) }) {
            case .success(let counts):
                delays.reset()
                for key in published.note(counts, of: uids) { wake(key) }
            case .failure(let trouble):
                guard !trouble.isCancelled else { return }
                let woken = published.failed(uids, trouble.description)
                if !woken.isEmpty {
                    logger.warning(
                        "Can't read how many rows were published; it is tried again",
                        metadata: ["requests": "\(uids.count)", "error": "\(trouble)"])
                }
                for key in woken { wake(key) }
                try? await Task.sleep(for: delays.next())
            }
        }
    }
}
