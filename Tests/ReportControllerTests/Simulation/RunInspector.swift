import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport

/// Watches what happens to a cluster's requests, and says what must never be.
struct RunInspector: Sendable {
    /// What must never be and was.
    var violations: [String] = []
    /// The phases that were written, for each request: runs of one phase once.
    private(set) var phases: [String: [ReportRequestStatus.Phase]] = [:]
    private var position = 0
    private var requests: [String: ReportRequest] = [:]
    /// How often an object of that name was made.
    private var creations: [String: Int] = [:]
    /// Request uid and stage.
    private var succeededStages: Set<String> = []

    mutating func inspect(
        _ state: APIState, lock: SimulatedLock, recorded: [String: ReportRequestStatus.Phase],
        script: SimulatedCluster.Script
    ) {
        for event in state.events[position...] {
            switch event.resource {
            case ReportRequest.resourceKind.qualifiedName:
                guard let request = try? event.object.decoded(ReportRequest.self) else {
                    violations.append("a request that doesn't decode")
                    continue
                }
                inspect(request, isGone: event.change == .deleted, lock, recorded)
            case "jobs.batch":
                guard let job = try? event.object.decoded(Job.self), !job.stage.isEmpty else { continue }
                if event.change == .added { inspect(new: job, lock, script) }
                if job.ending == .complete {
                    succeededStages.insert("\(job.requestUID)/\(job.stage)")
                }
            case ReportDelivery.resourceKind.qualifiedName where event.change == .added:
                guard let delivery = try? event.object.decoded(ReportDelivery.self) else { continue }
                inspect(new: delivery)
            case "pods":
                guard let pod = try? event.object.decoded(Pod.self), PodDiagnosis.success(pod) != nil else { continue }
                let labels = pod.metadata.labels
                succeededStages.insert(
                    "\(labels[ReportsAPI.Label.requestUID] ?? "")/\(labels[ReportsAPI.Label.stage] ?? "")")
            case "persistentvolumeclaims" where event.change == .added:
                count(event.object.key.name)
            default:
                break
            }
        }
        position = state.events.count
        inspectEnds(state)
    }

    private mutating func inspect(
        _ request: ReportRequest, isGone: Bool, _ lock: SimulatedLock, _ recorded: [String: ReportRequestStatus.Phase]
    ) {
        let uid = request.metadata.uid
        let before = requests[uid]
        requests[uid] = isGone ? nil : request
        guard let before else { return }
        let removed = before.metadata.finalizers.filter { !request.metadata.finalizers.contains($0) }
        if removed.contains(ReportsAPI.Finalizer.record), !before.isRestored, recorded[uid]?.isTerminal != true {
            violations.append("\(request.metadata.name) was let go before its end was recorded")
        }
        if removed.contains(ReportsAPI.Finalizer.record), !before.isRestored { inspectUnmade(request) }
        if removed.contains(ReportsAPI.Finalizer.sharedLock), lock.holder == uid {
            violations.append("\(request.metadata.name) was let go while it had the shared lock")
        }
        if let old = before.status, old.isTerminal, !old.isRestored, let phase = old.phase,
            request.status?.phase != phase,
            request.status?.attempt ?? 1 <= old.attempt ?? 1
        {
            violations.append(
                "\(request.metadata.name): \(phase) became \(request.status?.phase?.rawValue ?? "nothing")")
        }
        // What a copy was told, or brought along, is no run's; it begins with what comes after.
        guard !request.isRestored, before.copiedReportID == nil else { return phases[uid] = nil }
        guard let status = request.status, status != before.status else { return }
        if let phase = status.phase, phases[uid]?.last != phase { phases[uid, default: []].append(phase) }
        let told = (status.previousAttempts ?? []).flatMap { $0.transitions ?? [] } + (status.transitions ?? [])
        if told.map(\.phase) != phases[uid] ?? [] {
            violations.append("\(request.metadata.name): the transitions don't tell the phases that were written")
        }
    }

    private mutating func inspect(new job: Job, _ lock: SimulatedLock, _ script: SimulatedCluster.Script) {
        count(job.metadata.name)
        guard let request = requests[job.requestUID] else {
            return violations.append("\(job.stage) started after its request had gone")
        }
        guard let pipeline = request.status?.accepted?.pipeline else {
            violations.append("\(job.stage) started before its request was accepted")
            return
        }
        // Restored from a backup of that moment, it would run a second time.
        if request.acceptedUID != job.requestUID {
            violations.append("\(job.stage) started before its request was marked")
        }
        if script.hasLock, ConcurrencyGroup(request)?.scope == .shared, lock.holder != job.requestUID {
            violations.append("\(job.stage) started without the shared lock")
        }
        let graph = StageGraph(pipeline.stages)
        for (name, needs) in zip(graph.names, graph.dependencies) where name == job.stage {
            for need in needs where !succeededStages.contains("\(job.requestUID)/\(need)") {
                violations.append("\(job.stage) started before \(need) had succeeded")
            }
        }
    }

    /// A delivery is made once, at an end that is written, and for that end.
    private mutating func inspect(new delivery: ReportDelivery) {
        count(delivery.metadata.name)
        guard let spec = delivery.spec.value, let status = requests[spec.reportID]?.status, status.isTerminal else {
            violations.append("\(delivery.metadata.name) was made of a run that isn't over")
            return
        }
        if status.attempt != spec.attempt || !status.isDue(spec.entry) {
            violations.append("\(delivery.metadata.name) was made at another end than its own")
        }
    }

    /// Before a request goes, what goes out of it is made.
    private mutating func inspectUnmade(_ request: ReportRequest) {
        guard let status = request.status, status.isTerminal else { return }
        for (place, entry) in (status.accepted?.deliveries ?? []).enumerated() where status.isDue(entry) {
            let made = RunDelivery(of: request, attempt: status.attempt ?? 1, place: place, entry: entry)
            guard creations[made.name] == nil else { continue }
            violations.append("\(request.metadata.name) was let go before \(made.name) was made")
        }
    }

    private mutating func count(_ name: String) {
        creations[name, default: 0] += 1
        if let times = creations[name], times > 1 { violations.append("\(name) was made \(times) times") }
    }

    /// Nothing of a run that is over may go on.
    private mutating func inspectEnds(_ state: APIState) {
        let ended = requests.values.filter { $0.status?.isTerminal == true }
        guard !ended.isEmpty else { return }
        let jobs = state.all("jobs.batch").compactMap { try? $0.decoded(Job.self) }
        let pods = state.all("pods").compactMap { try? $0.decoded(Pod.self) }
        for request in ended {
            let uid = request.metadata.uid
            // One that is being deleted makes no more pods.
            guard
                jobs.contains(where: {
                    $0.requestUID == uid && !$0.isFinished && !$0.metadata.isDeleting && !$0.isSpent(by: pods)
                })
                    || pods.contains(where: {
                        $0.metadata.labels[ReportsAPI.Label.requestUID] == uid && !$0.hasEnded
                    })
            else { continue }
            violations.append(
                "\(request.metadata.name) is \(request.status?.phase?.rawValue ?? "") while something of it runs")
        }
    }
}
