public import KubernetesModel
public import ReportAPI
import ReportPlanning

/// Which pods' logs to read next, so that what ran one after the other is printed so: a function of what is known.
public struct LogOrder: Sendable {
    /// The stages that each stage comes after, directly or not.
    private let ancestors: [String: Set<String>]
    /// Pods whose log is being read.
    public private(set) var reading: Set<String> = []
    public private(set) var finished: Set<String> = []

    public init(_ stages: [StageSpec]) {
        let graph = StageGraph(stages)
        var ancestors: [String: Set<String>] = [:]
        for name in graph.names {
            for dependent in graph.dependents(of: [name]) { ancestors[dependent, default: []].insert(name) }
        }
        self.ancestors = ancestors
    }

    /// Those that may be read now; they count as being read from here on.
    public mutating func next(_ pods: [Pod]) -> [Pod] {
        let open = pods.filter { !finished.contains($0.metadata.name) }
        let next = open.filter { pod in
            pod.hasStarted(StageJob.containerName) && !reading.contains(pod.metadata.name)
                && !open.contains { isBefore($0, pod) }
        }
        reading.formUnion(next.map(\.metadata.name))
        return next
    }

    public mutating func finish(_ pod: String) {
        reading.remove(pod)
        finished.insert(pod)
    }

    /// Whether the first one's log has to be through before the second one's begins.
    private func isBefore(_ first: Pod, _ second: Pod) -> Bool {
        let stages = (first.metadata.labels[ReportsAPI.Label.stage], second.metadata.labels[ReportsAPI.Label.stage])
        guard let one = stages.0, let two = stages.1 else { return false }
        if one == two { return first.logOrder < second.logOrder }
        return ancestors[two]?.contains(one) ?? false
    }
}

extension Pod {
    /// A retried pod comes after the one it replaces.
    fileprivate var logOrder: (Int64, String) { (metadata.creationTimestamp?.seconds ?? 0, metadata.name) }
}

private func < (left: (Int64, String), right: (Int64, String)) -> Bool {
    left.0 == right.0 ? left.1 < right.1 : left.0 < right.0
}
