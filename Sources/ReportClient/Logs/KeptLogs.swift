import FoundationEssentials
public import KubernetesModel
public import ReportAPI
public import ReportRecords

/// What is kept of a run's logs with its record, of the stages whose pods are gone.
public struct KeptLogs {
    private let stage: String?
    /// The uids of pods that can be read.
    private let present: Set<String>
    /// Stages that ran and have no pod any more.
    private let missing: [String]
    private var logs: [String: StageLog] = [:]

    /// `stage`: the one that is asked for; nil: all.
    public init(_ request: ReportRequest, pods: [Pod], stage: String?) {
        self.stage = stage
        present = Set(pods.map(\.metadata.uid))
        let labels = Set(
            pods.map {
                [$0.metadata.labels[ReportsAPI.Label.stage] ?? "", $0.metadata.labels[ReportsAPI.Label.attempt] ?? ""]
            })
        missing = (request.status?.stages ?? []).filter { status in
            status.startedAt != nil && (stage == nil || status.name == stage)
                && (status.completedAt != nil || request.status?.isTerminal == true)
                && !labels.contains([status.name, String(status.attempt ?? 1)])
        }.map(\.name)
    }

    public var isNeeded: Bool { !missing.isEmpty }

    public mutating func take(_ found: [StageLog]) {
        for log in found where !present.contains(log.podUID) && (stage == nil || log.stage == stage) {
            logs[log.podUID] = log
        }
    }

    /// Stand-ins for the pods that are gone, so that they take their turn among those that are there.
    public var pods: [Pod] {
        logs.values.sorted { ($0.attempt, $0.podCreatedAt, $0.pod) < ($1.attempt, $1.podCreatedAt, $1.pod) }.map {
            log in
            Pod(
                metadata: ObjectMeta(
                    name: log.pod, namespace: log.namespace, uid: log.podUID,
                    creationTimestamp: Timestamp(log.podCreatedAt),
                    labels: [ReportsAPI.Label.stage: log.stage, ReportsAPI.Label.attempt: String(log.attempt)]),
                status: .init(phase: "Succeeded"))
        }
    }

    public func log(of pod: Pod) -> StageLog? { logs[pod.metadata.uid] }

    /// The stages of which there is nothing.
    public var gone: [String] {
        let found = Set(logs.values.map(\.stage))
        return missing.filter { !found.contains($0) }
    }
}

extension StageLog {
    /// Its last lines, or all.
    public func lines(_ tail: Int?) -> ArraySlice<Substring> {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        if lines.last?.isEmpty == true { lines.removeLast() }
        return tail.map { lines.suffix($0) } ?? lines
    }
}
