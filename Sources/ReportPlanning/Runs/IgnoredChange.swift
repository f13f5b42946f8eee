import KubernetesModel
import ReportAPI

/// A change of a request's spec that has no effect: an API server that knows no rules for that (before 1.25) takes
/// the change, and nothing comes of it.
enum IgnoredChange {
    /// What is said of it; nil where nothing was changed, or where it will count. What has never been changed isn't
    /// looked at.
    static func text(of request: ReportRequest, _ status: ReportRequestStatus) -> String? {
        guard request.metadata.generation > 1, !status.isRestored, let spec = request.spec.value else { return nil }
        let cure = "make a new request"
        if status.phase == .succeeded, let attempt = spec.attempt, attempt > status.attempt ?? 1 {
            return "spec.attempt \(attempt), since a run that succeeded is not run again; \(cure)"
        }
        guard let run = status.accepted else { return nil }
        if let name = spec.pipelineRef?.name, let pinned = status.pipelineName, !name.isSame(as: pinned),
            pinned != ReportRequestStatus.inlinePipelineName
        {
            return "spec.pipelineRef was changed after the request had been accepted, and the run keeps "
                + "\(JSONValue.shortened(pinned)); \(cure)"
        }
        guard !isSame(spec.parameters ?? [:], run) else { return nil }
        let kept = run.parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
        return "spec.parameters was changed after the request had been accepted, and the run keeps "
            + "\(kept.isEmpty ? "none" : kept.head(bytes: 256)); \(cure)"
    }

    private static func isSame(_ given: JSONObject, _ run: AcceptedRun) -> Bool {
        switch ParameterCheck.resolve(given, declared: run.pipeline.parameters ?? []) {
        case .values(let values): values == run.parameters
        case .faults: false
        }
    }
}
