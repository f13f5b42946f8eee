import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import ReportStores

/// What is kept of a run's logs with its record, of the stages whose pods are gone.
struct KeptLogs {
    private let uid: String
    private let stage: String?
    /// The uids of pods that can be read.
    private let present: Set<String>
    /// Stages that ran and have no pod any more.
    private let missing: [String]
    private var logs: [String: StageLog] = [:]
    /// Why the record could not be asked.
    private(set) var trouble: Trouble?

    /// `stage`: the one that is asked for; nil: all.
    init(_ request: ReportRequest, pods: [Pod], stage: String?) {
        uid = request.reportID
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

    var isNeeded: Bool { !missing.isEmpty }

    mutating func fetch(_ records: RecordOptions, _ session: Session) async {
        do {
            let store = try await records.store(session)
            let found = try await store.ask(session) { [uid] store throws(StoreTrouble) in
                try await store.logs(of: uid)
            }
            take(found)
        } catch {
            trouble = error as? Trouble ?? Trouble("\(error)")
        }
    }

    mutating func take(_ found: [StageLog]) {
        for log in found where !present.contains(log.podUID) && (stage == nil || log.stage == stage) {
            logs[log.podUID] = log
        }
    }

    /// Stand-ins for the pods that are gone, so that they take their turn among those that are there.
    var pods: [Pod] {
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

    func log(of pod: Pod) -> StageLog? { logs[pod.metadata.uid] }

    /// Says of which stages there is nothing, beside what was printed.
    func explainWhatIsMissing() {
        let found = Set(logs.values.map(\.stage))
        let gone = missing.filter { !found.contains($0) }
        guard !gone.isEmpty else { return }
        let reason = trouble.map { ", and the record can't be asked: \($0.message)" } ?? " and was not kept"
        Out.hint("the log of \(gone.joined(separator: ", ")) is gone\(reason)")
    }
}

extension StageLog {
    /// Its last lines, or all.
    func lines(_ tail: Int?) -> ArraySlice<Substring> {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        if lines.last?.isEmpty == true { lines.removeLast() }
        return tail.map { lines.suffix($0) } ?? lines
    }
}
