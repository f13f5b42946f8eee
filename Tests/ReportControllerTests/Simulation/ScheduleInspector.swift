import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport

/// Watches what happens to a schedule, its ticks and its requests, and says what must never be.
struct ScheduleInspector: Sendable {
    var violations: [String] = []
    /// How many requests were made for a tick, by its uid.
    private(set) var creations: [String: Int] = [:]
    /// What became of each request at last, by name: also of those that are gone.
    private(set) var ends: [String: String] = [:]
    private var position = 0
    private var status: ReportScheduleStatus?
    private var cronJobs: Set<String> = []
    private var requests: [String: ReportRequest] = [:]

    mutating func inspect(_ state: APIState, deletedByOthers: Set<String>) {
        for event in state.events[position...] {
            switch event.resource {
            case ReportSchedule.resourceKind.qualifiedName:
                if let schedule = decoded(ReportSchedule.self, event), event.change == .modified { inspect(schedule) }
            case CronJob.resourceKind.qualifiedName:
                guard let cronJob = decoded(CronJob.self, event) else { continue }
                if event.change == .deleted {
                    cronJobs.remove(cronJob.metadata.uid)
                } else {
                    cronJobs.insert(cronJob.metadata.uid)
                }
                if event.object.json["spec"]?["zoneDropped"] != nil, cronJob.spec.suspend != true {
                    violations.append("the CronJob ticks without its zone")
                }
            case ReportRequest.resourceKind.qualifiedName:
                if let request = decoded(ReportRequest.self, event) { inspect(request, event.change, deletedByOthers) }
            case Tick.resourceKind.qualifiedName where event.change == .deleted:
                if let tick = decoded(Tick.self, event) { inspect(goneTick: tick, deletedByOthers) }
            default:
                break
            }
        }
        position = state.events.count
    }

    private mutating func decoded<R: KubernetesResource>(_ type: R.Type, _ event: APIState.Event) -> R? {
        let object = try? event.object.decoded(type)
        if object == nil { violations.append("a \(R.resourceKind.kind) that no server understands") }
        return object
    }

    private mutating func inspect(_ schedule: ReportSchedule) {
        for (before, after) in [
            (status?.lastScheduleTime, schedule.status?.lastScheduleTime),
            (status?.lastSuccessfulTime, schedule.status?.lastSuccessfulTime),
        ] {
            if let before, after.map({ $0 < before }) ?? true { violations.append("a time in the status went back") }
        }
        status = schedule.status
    }

    private mutating func inspect(
        _ request: ReportRequest, _ change: APIState.Event.Change, _ deletedByOthers: Set<String>
    ) {
        let (uid, name) = (request.metadata.uid, request.metadata.name)
        let before = requests[uid]
        let tick = request.metadata.labels[ReportsAPI.Label.tickUID]
        requests[uid] = change == .deleted ? nil : request
        ends[name] = request.status?.phase?.rawValue ?? "-"
        switch change {
        case .added:
            guard let tick else { return }
            creations[tick, default: 0] += 1
            if creations[tick] != 1 { violations.append("\(name) was made twice") }
        case .modified:
            let isReplaced = request.metadata.labels[ReportsAPI.Label.replaced] != nil
            if isReplaced, before?.metadata.labels[ReportsAPI.Label.replaced] == nil,
                !deletedByOthers.contains(tick ?? "")
            {
                violations.append("\(name) was cancelled, and nobody had deleted its tick")
            }
        case .deleted:
            if request.status?.isTerminal != true, !deletedByOthers.contains(uid) {
                violations.append("\(name) was deleted before its end")
            }
        }
    }

    /// What goes with its owner, or by somebody else's hand, tells nothing of the operator.
    private mutating func inspect(goneTick tick: Tick, _ deletedByOthers: Set<String>) {
        let uid = tick.metadata.uid
        guard !deletedByOthers.contains(uid),
            tick.metadata.ownerReferences.contains(where: { cronJobs.contains($0.uid) })
        else { return }
        let isSkipped = ScheduledTime.of(tick, cronJob: ScheduleCluster.name).map { time in
            status?.lastSkippedTime.map { time <= $0 } ?? false
        }
        if creations[uid] == nil, isSkipped != true {
            violations.append("\(tick.metadata.name) was deleted and never served")
        }
        let request = requests.values.first { $0.metadata.labels[ReportsAPI.Label.tickUID] == uid }
        if let request, request.status?.isTerminal != true, !request.metadata.isDeleting,
            request.spec.value?.attempt ?? 1 == 1
        {
            violations.append("\(tick.metadata.name) was deleted while its request runs")
        }
    }
}
