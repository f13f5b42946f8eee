import AsyncSupport
import ControllerRuntime
import KubernetesClient
import Logging
import ServiceLifecycle

/// What a process does when it has become the leader, before it acts.
///
/// Its caches are warm, but a watch may lag behind what the one before wrote last, and a place in a queue that was taken then
/// must not be given away again. So what others may have written is read from the API server once more.
struct TakeOver: Service {
    private static let backoff = Backoff(first: .milliseconds(250), longest: .seconds(5))

    let leadership: Leadership
    let cache: ClusterCache
    /// Brings the stores up to what the API server has.
    let catchUp: @Sendable () async throws -> Void
    /// Replays every known object to the controllers.
    let begin: @Sendable () -> Void
    /// Where those who act wait.
    let gate: Gate
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            guard (try? await prepare()) != nil else { return }
            begin()
            gate.open()
        }
        try? await gracefulShutdown()
    }

    private func prepare() async throws {
        try await leadership.wait()
        for store in cache.stores { try await store.waitUntilSynced() }
        var failures = 0
        while true {
            do {
                return try await catchUp()
            } catch {
                try Task.checkCancellation()
                logger.warning("Can't take over yet", metadata: ["error": "\(error)"])
                try await Task.sleep(for: Self.backoff.delay(failures: failures))
                failures += 1
            }
        }
    }
}
