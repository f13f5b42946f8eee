import AsyncSupport
import ControllerRuntime
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportPlanning
import ReportRecords

/// Tells in Kubernetes' events how attempts ended, and of changes that nothing comes of, once each. Nothing waits for it.
final class EndEventProjector: Projector {
    /// After a start, ends that are no older than this are told, in case the last operator didn't come to it. The API
    /// server keeps events for an hour, and within it one that is there already is recognised by its name.
    private static let memory: Int64 = 600

    private let writer: ClusterWriter
    let outbox = Outbox()
    let batchSize = 1
    let drainTimeout: Duration? = nil
    private let now: @Sendable () -> Date
    private let logger: Logger

    init(writer: ClusterWriter, logger: Logger, now: @escaping @Sendable () -> Date) {
        self.writer = writer
        self.logger = logger
        self.now = now
    }

    func news(in change: StoreChange<ReportRequest>) -> ReportRequest? {
        switch change {
        case .added(let request):
            return request.status?.isTerminal == true && isRecent(request) ? request.withoutPipeline : nil
        case .updated(let old, let new):
            let isNews = old.status?.phase != new.status?.phase || old.status?.attempt != new.status?.attempt
            let ignored = new.status?.ignoredChange
            let isIgnored = ignored != nil && ignored != old.status?.ignoredChange
            return isNews && new.status?.isTerminal == true || isIgnored ? new.withoutPipeline : nil
        case .deleted:
            return nil
        }
    }

    private func isRecent(_ request: ReportRequest) -> Bool {
        guard let end = request.status?.completedAt else { return false }
        return end.seconds + Self.memory > Timestamp(now()).seconds
    }

    func write(_ batch: [ReportRequest]) async -> Result<[String: KubernetesError], KubernetesError> {
        var refused: [String: KubernetesError] = [:]
        for request in batch {
            for manifest in manifests(of: request) {
                let result = await Result(catching: { () async throws(KubernetesError) in
                    try await writer.tell(manifest, namespace: request.metadata.namespace)
                })
                switch result {
                case .success: continue
                case .failure(let error) where error.isRetryable || error.isCancelled: return .failure(error)
                case .failure(let error): refused[request.metadata.uid] = error
                }
            }
        }
        return .success(refused)
    }

    private func manifests(of request: ReportRequest) -> [JSONValue] {
        let component = "report-operator"
        let ignored = IgnoredEvent.manifest(of: request, component: component, at: Timestamp(now()))
        // An end of long ago was told when it came; the API server may have forgotten it since.
        let end = ignored == nil || isRecent(request) ? EndEvent.manifest(of: request, component: component) : nil
        return [end, ignored].compactMap(\.self)
    }

    /// Not worth more: a permission that is missing, a namespace that is going away.
    func refused(_ request: ReportRequest, _ error: KubernetesError) {
        outbox.settle(request.metadata.uid)
        var metadata = request.logMetadata
        metadata["error"] = "\(error)"
        logger.warning("Could not emit the run's completion event", metadata: metadata)
    }

    /// That the API server is away is told by those who can't do without it.
    func struck(by error: KubernetesError) {}
}
