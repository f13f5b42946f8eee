public import KubernetesModel
public import ReportAPI
import ReportPlanning

/// Reports that were asked for already: of the same pipeline with the same parameters.
public enum SimilarRequests {
    /// Seconds after its end that a report counts as just made.
    public static let recent: Int64 = 24 * 3600

    /// Those that haven't finished, then those that ended within a day, each the newest first. A cancelled one says nothing.
    ///
    /// `parameters`: with the defaults of those not given, as they are once a request is accepted.
    public static func find(
        in requests: [ReportRequest], pipeline: ReportPipeline, parameters: [String: String], now: Timestamp
    ) -> [ReportRequest] {
        requests.filter { request in
            guard !request.metadata.isDeleting, !request.isRestored,
                request.spec.value?.pipelineRef?.name == pipeline.metadata.name,
                accepted(request, pipeline) == parameters
            else { return false }
            switch request.status?.phase {
            case .queued, .running, nil: return true
            case .succeeded, .failed:
                return (request.status?.completedAt).map { now.seconds - $0.seconds < recent } ?? false
            case .cancelling, .cancelled: return false
            }
        }.sorted { left, right in
            let ended = (left.status?.isTerminal ?? false, right.status?.isTerminal ?? false)
            if ended.0 != ended.1 { return !ended.0 }
            return (left.metadata.creationTimestamp?.seconds ?? 0) > (right.metadata.creationTimestamp?.seconds ?? 0)
        }
    }

    /// Nil of one that will be refused.
    private static func accepted(_ request: ReportRequest, _ pipeline: ReportPipeline) -> [String: String]? {
        if let parameters = request.status?.accepted?.parameters { return parameters }
        guard case .accepted(let run) = Acceptance.judge(request, pipeline: pipeline) else { return nil }
        return run.parameters
    }
}
