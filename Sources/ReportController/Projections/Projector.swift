import AsyncSupport
import ControllerRuntime
import KubernetesModel
import ReportAPI
import ServiceLifecycle

/// Tells something outside of the operator what the requests' statuses say: the one loop of all who do. They differ in
/// what is news to them, in what they write, and in what follows from it.
///
/// One batch at a time, so that what has piled up in an outage is written without a storm, and one waiting time for all
/// while nothing can be written. A shutdown still writes what waits, where there is time for it.
protocol Projector: Service {
    associatedtype Trouble: Error

    /// What waits to be told.
    var outbox: Outbox { get }
    /// How many requests are written at once.
    var batchSize: Int { get }
    /// How long a shutdown tries to write what is left; nil: it doesn't, and the next start tells it.
    var drainTimeout: Duration? { get }

    /// What is to be told of a change; nil: nothing.
    func news(in change: StoreChange<ReportRequest>) -> ReportRequest?

    /// What has to be done before the first write; tried until it succeeds.
    ///
    /// - Returns: what remains of it to be done while others are written already.
    func prepare() async -> Result<(@Sendable () async -> Void)?, Trouble>

    /// Writes a batch, which may have been written before.
    ///
    /// - Returns: by their uids, what is wrong with those that can't be written though others can; or the failure that
    ///   struck all, so that all are tried again.
    func write(_ batch: [ReportRequest]) async -> Result<[String: Trouble], Trouble>

    /// It was written. `wasAnnounced`: its owner knows that it had to wait.
    func written(_ request: ReportRequest, wasAnnounced: Bool)

    /// It can't be written, though others can.
    func refused(_ request: ReportRequest, _ trouble: Trouble)

    /// Waits until one that was refused may be tried again; false: it isn't.
    func mayTryAgain(_ request: ReportRequest) async -> Bool

    /// A failure struck everything; it is tried again after a pause.
    func struck(by trouble: Trouble)
}

extension Projector {
    func prepare() async -> Result<(@Sendable () async -> Void)?, Trouble> { .success(nil) }
    func written(_ request: ReportRequest, wasAnnounced: Bool) {}
    func mayTryAgain(_ request: ReportRequest) async -> Bool { false }

    /// Listens to the requests.
    func connect(to requests: Store<ReportRequest>) {
        requests.addHandler { [self] change in
            // What became of the report that a restored copy is of was told under the old uid.
            guard !change.object.isRestored, let news = news(in: change) else { return }
            outbox.put(news)
        }
    }

    func run() async {
        await cancelWhenGracefulShutdown { [self] in
            await withDiscardingTaskGroup { group in
                var delays = StoreHealth.backoff.delays
                while !Task.isCancelled {
                    switch await prepare() {
                    case .success(let remainder):
                        if let remainder { group.addTask { await remainder() } }
                        return await tellAll(&group)
                    case .failure(let trouble):
                        await waitOut(trouble, &delays)
                    }
                }
            }
        }
        guard let drainTimeout else { return }
        await outbox.drain(by: batchSize, within: drainTimeout) { [self] batch in
            if case .success = await tell(batch) { true } else { false }
        }
    }

    private func tellAll(_ group: inout DiscardingTaskGroup) async {
        var delays = StoreHealth.backoff.delays
        while true {
            let batch = await outbox.take(upTo: batchSize)
            guard !batch.isEmpty else { return }
            switch await tell(batch) {
            case .success(let refused):
                delays.reset()
                for request in refused {
                    group.addTask { [self] in
                        if await mayTryAgain(request) { outbox.putBack([request]) }
                    }
                }
            case .failure(let trouble):
                await waitOut(trouble, &delays)
            }
        }
    }

    /// - Returns: those that were refused.
    private func tell(_ batch: [ReportRequest]) async -> Result<[ReportRequest], Trouble> {
        switch await write(batch) {
        case .failure(let trouble):
            outbox.putBack(batch)
            return .failure(trouble)
        case .success(let troubles):
            var refused: [ReportRequest] = []
            for request in batch {
                if let trouble = troubles[request.metadata.uid] {
                    self.refused(request, trouble)
                    refused.append(request)
                } else {
                    written(request, wasAnnounced: outbox.settle(request.metadata.uid))
                }
            }
            return .success(refused)
        }
    }

    private func waitOut(_ trouble: Trouble, _ delays: inout Backoff.Delays) async {
        // It was given up, since this process is to stop.
        guard !Task.isCancelled else { return }
        struck(by: trouble)
        try? await Task.sleep(for: delays.next())
    }
}
