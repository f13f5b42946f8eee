import AsyncSupport
import ServiceLifecycle
import Synchronization

/// Work that a reconciliation begins and doesn't wait for: making files, sending copies. It ends with the service.
final class Background: Service {
    typealias Work = @Sendable () async -> Void

    private let stream: AsyncStream<Work>
    private let source: AsyncStream<Work>.Continuation
    private let ending = Mutex(false)
    /// How long a graceful shutdown lets what goes on come to its end.
    private let patience: Duration

    init(patience: Duration = .seconds(20)) {
        (stream, source) = AsyncStream.makeStream()
        self.patience = patience
    }

    /// Whether nothing new is to be begun.
    var isEnding: Bool { ending.withLock { $0 } }

    func begin(_ work: @escaping Work) { source.yield(work) }

    func run() async {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                await self.work()
                return false
            }
            group.addTask {
                guard (try? await gracefulShutdown()) != nil else { return true }
                self.ending.withLock { $0 = true }
                self.source.finish()
                try? await Task.sleep(for: self.patience)
                return true
            }
            _ = await group.next()
            group.cancelAll()
        }
    }

    private func work() async {
        await withDiscardingTaskGroup { group in
            for await work in stream { group.addTask { await work() } }
        }
    }
}
