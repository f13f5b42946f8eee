import ControllerRuntime
import PrometheusMetrics
import ReportAPI

/// The operator's own figures, beside those of its runtime.
struct ReportMetrics: Sendable {
    let duplicatesPrevented: Counter
    let runs: RunMetrics
    private let finishedRuns: [ReportRequestStatus.Phase: Counter]

    init(registry: MetricsRegistry, cache: ClusterCache) {
        runs = RunMetrics(registry: registry, cache: cache)
        duplicatesPrevented = registry.counter(
            "report_operator_duplicates_prevented_total",
            help: "Creations that found what an earlier pass had created.")
        var counters: [ReportRequestStatus.Phase: Counter] = [:]
        for phase in ReportRequestStatus.Phase.allCases where phase.isTerminal {
            counters[phase] = registry.counter(
                "report_operator_runs_finished_total", help: "Attempts that ended, by their phase.",
                labels: [("phase", phase.rawValue)])
        }
        finishedRuns = counters
        for phase in ReportRequestStatus.Phase.allCases {
            registry.gauge(
                "report_operator_requests", help: "Requests there are, by their phase.",
                labels: [("phase", phase.rawValue)]
            ) { Double(cache.requests.count(by: ClusterCache.Index.phase, value: phase.rawValue)) }
        }
    }

    func finished(_ phase: ReportRequestStatus.Phase?) {
        guard let phase else { return }
        finishedRuns[phase]?.increment()
    }
}
