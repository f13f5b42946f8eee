import KubernetesModel
import ReportAPI
import TestSupport

/// What the CronJob controller does, and the operator's other half.
extension ScheduleCluster {
    /// Each minute once, and as the concurrency policy says.
    mutating func tickWhenDue() {
        let minute = Timestamp(seconds: now.seconds / 60 * 60)
        guard lastScheduled.map({ $0 < minute }) ?? true, let cronJob, let created = cronJob.metadata.creationTimestamp,
            created < minute, cronJob.spec.suspend != true, !cronJob.metadata.isDeleting
        else { return }
        let active = ticks.filter { !$0.isManual && $0.belongs(to: cronJob) }
        switch cronJob.spec.concurrencyPolicy {
        case "Forbid" where !active.isEmpty: return
        case "Replace":
            for tick in active { delete(tick) }
        default: break
        }
        lastScheduled = minute
        makeTick("\(cronJob.metadata.name)-\(minute.seconds / 60)", of: cronJob)
    }

    mutating func makeTick(_ name: String, of cronJob: CronJob, isManual: Bool = false) {
        var owner = OwnerReference(controlledBy: cronJob)
        if isManual { owner.controller = nil }
        guard let owners = try? JSONValue(encoding: [owner]) else { return }
        let manifest = JSONValue.metadata([
            "name": .string(name), "labels": .strings(cronJob.spec.jobTemplate.metadata?.labels ?? [:]),
            "annotations": .strings(isManual ? ["cronjob.kubernetes.io/instantiate": "manual"] : [:]),
            "ownerReferences": owners,
        ])
        // One of that name may be there already.
        guard let uid = try? server.make("jobs.batch", manifest, namespace: "finance") else { return }
        tickUIDs.append(uid)
    }

    /// Somebody else than the operator deletes a tick.
    mutating func delete(_ tick: Tick) {
        deletedByOthers.insert(tick.metadata.uid)
        try? server.delete(Tick.self, tick.key)
    }

    /// Requests start at once, take as long as the script says, and stop a step after they are told to.
    mutating func runRequests() {
        for request in requests where !(request.status?.isTerminal ?? false) {
            let uid = request.metadata.uid
            let index = tickUIDs.firstIndex(of: request.metadata.labels[ReportsAPI.Label.tickUID] ?? "") ?? 0
            let age = (ages[uid] ?? 0) + 1
            ages[uid] = age
            var status = request.status ?? ReportRequestStatus()
            status.attempt = request.spec.value?.attempt ?? 1
            if request.spec.value?.cancel == true {
                status.phase = status.phase == .cancelling ? .cancelled : .cancelling
            } else if age >= script.durations[index % script.durations.count] {
                status.phase = script.failing.contains(index % 3) && status.attempt == 1 ? .failed : .succeeded
            } else {
                status.phase = .running
            }
            if status.isTerminal { status.completedAt = now }
            write(status, of: request)
        }
    }

    func write(_ status: ReportRequestStatus, of request: ReportRequest) {
        guard status != request.status, let json = try? JSONValue(encoding: status) else { return }
        try? server.patch(ReportRequest.self, request.key, .object(["status": json]), subresource: "status")
    }
}
