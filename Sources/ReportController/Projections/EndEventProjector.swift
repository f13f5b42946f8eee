import AsyncSupport
import ControllerRuntime
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportPlanning
import ReportRecords
import ServiceLifecycle
import Synchronization

/// Tells in Kubernetes' events how attempts ended, once each. Nothing waits for it.
final class EndEventProjector: Service {
    /// After a start, ends that are no older than this are told, in case the last operator didn't come to it. The API
    /// server keeps events for an hour, and within it one that is there already is recognised by its name.
    private static let memory: Int64 = 600

    private let client: KubernetesClient
    private let outbox = Outbox()
    private let backoff = Backoff(first: .milliseconds(250), longest: .seconds(30))
    private let now: @Sendable () -> Date
    private let logger: Logger

    init(client: KubernetesClient, logger: Logger, now: @escaping @Sendable () -> Date) {
        self.client = client
        self.logger = logger
        self.now = now
    }

    /// Listens to the requests.
    func connect(to requests: Store<ReportRequest>) {
        requests.addHandler { [self] change in
            guard !change.object.isRestored else { return }
            switch change {
            case .added(let request):
                if request.status?.isTerminal == true, isRecent(request) { outbox.put(request.withoutPipeline) }
            case .updated(let old, let new):
                let isNews = old.status?.phase != new.status?.phase || old.status?.attempt != new.status?.attempt
                if isNews, new.status?.isTerminal == true { outbox.put(new.withoutPipeline) }
            case .deleted:
                break
            }
        }
    }

    private func isRecent(_ request: ReportRequest) -> Bool {
        guard let end = request.status?.completedAt else { return false }
        return end.seconds + Self.memory > Timestamp(now()).seconds
    }

    func run() async {
        await cancelWhenGracefulShutdown { [self] in
            var failures = 0
            while let request = await outbox.take(upTo: 1).first {
                guard let manifest = EndEvent.manifest(of: request, component: "report-operator") else { continue }
                let result = await Result(catching: { () async throws(KubernetesError) in
                    try await client.create(Event.self, manifest: manifest, namespace: request.metadata.namespace)
                })
                switch result {
                case .success:
                    failures = 0
                    outbox.settle(request.metadata.uid)
                case .failure(let error) where error.isAlreadyExists:
                    outbox.settle(request.metadata.uid)
                case .failure(let error) where error.isRetryable:
                    outbox.putBack([request])
                    try? await Task.sleep(for: backoff.delay(failures: failures))
                    failures += 1
                // Not worth more: a permission that is missing, a namespace that is going away.
                case .failure(let error):
                    outbox.settle(request.metadata.uid)
                    guard !error.isCancelled else { return }
                    var metadata = request.logMetadata
                    metadata["error"] = "\(error)"
                    logger.warning("Could not emit the run's completion event", metadata: metadata)
                }
            }
        }
    }
}
