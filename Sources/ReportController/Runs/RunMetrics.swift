import ControllerRuntime
import KubernetesModel
import PrometheusMetrics
import ReportAPI

/// What became of runs, by pipeline, and how long it took.
struct RunMetrics: Sendable {
    private struct Stage: Hashable {
        let pipeline: String
        let name: String
    }

    private let registry: MetricsRegistry
    private let pipelines = BoundedLabels<String>()
    private let stages = BoundedLabels<Stage>(other: Stage(pipeline: "other", name: "other"))
    private let queueWait: Histogram

    init(registry: MetricsRegistry, cache: ClusterCache) {
        self.registry = registry
        queueWait = registry.histogram(
            "report_queue_wait_seconds", help: "From a request's acceptance to the start of its run.",
            bounds: MetricBuckets.runs)
        registry.gauge("report_queue_depth", help: "Requests that are accepted and wait for their turn.") {
            Double(
                cache.requests.count(
                    by: ClusterCache.Index.phase, value: ReportRequestStatus.Phase.queued.rawValue))
        }
        registry.gauges(
            "report_run_oldest_start_timestamp_seconds",
            help: "When the run began that has been running longest, by pipeline; absent while none runs."
        ) { [pipelines] in
            var oldest: [String: Int64] = [:]
            // Those that run alone are looked at, not all requests there are.
            let running = cache.requests.indexed(
                by: ClusterCache.Index.phase, value: ReportRequestStatus.Phase.running.rawValue)
            for request in running where !request.isRestored {
                guard let start = request.status?.startedAt?.seconds else { continue }
                let label = pipelines.bounded(Self.label(of: request))
                oldest[label] = min(start, oldest[label] ?? start)
            }
            return oldest.map { (labels: [("pipeline", $0.key)], value: Double($0.value)) }
        }
    }

    /// A status replaced another.
    func changed(_ request: ReportRequest, to status: ReportRequestStatus) {
        guard !status.isRestored else { return }
        let old = request.status
        let label = pipelines.bounded(Self.label(of: request, status))
        for stage in status.stages ?? [] where stage.isOver {
            if let before = old?.stage(stage.name), before.isOver, before.attempt == stage.attempt { continue }
            observe(stage, Self.label(of: request, status))
        }
        guard let phase = status.phase, phase != old?.phase else { return }
        if phase == .running, old?.phase == .queued || old?.phase == nil, let queued = status.queuedAt,
            let begun = status.transitions?.last(where: { $0.phase == .running })?.at
        {
            queueWait.observe(Double(max(0, begun.seconds - queued.seconds)))
        }
        guard phase.isTerminal else { return }
        registry.counter(
            "report_runs_total", help: "Runs that ended, by pipeline and by how.",
            labels: [("pipeline", label), ("outcome", phase.rawValue)]
        ).increment()
        guard let start = status.startedAt, let end = status.completedAt else { return }
        registry.histogram(
            "report_run_duration_seconds", help: "How long runs took, without their wait, by pipeline.",
            labels: [("pipeline", label)], bounds: MetricBuckets.runs
        ).observe(Double(max(0, end.seconds - start.seconds)))
    }

    private func observe(_ stage: StageStatus, _ pipeline: String) {
        guard let start = stage.startedAt, let end = stage.completedAt else { return }
        let bounded = stages.bounded(Stage(pipeline: pipeline, name: stage.name))
        registry.histogram(
            "report_stage_duration_seconds", help: "How long stages took, by pipeline and stage.",
            labels: [("pipeline", bounded.pipeline), ("stage", bounded.name)], bounds: MetricBuckets.runs
        ).observe(Double(max(0, end.seconds - start.seconds)))
    }

    /// Such as `finance/trial-balance`; all pipelines that requests of a namespace bring themselves are one.
    private static func label(of request: ReportRequest, _ status: ReportRequestStatus? = nil) -> String {
        let inline = ReportRequestStatus.inlinePipelineName
        let name = (status ?? request.status)?.pipelineName ?? request.spec.value?.pipelineRef?.name ?? inline
        return "\(request.metadata.namespace)/\(name)"
    }
}

extension StageStatus {
    fileprivate var isOver: Bool {
        switch phase {
        case .succeeded, .failed, .cancelled: true
        case .pending, .running, .skipped: false
        }
    }
}
