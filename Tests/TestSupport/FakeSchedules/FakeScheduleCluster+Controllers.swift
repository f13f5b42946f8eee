import KubernetesModel
import ReportAPI
import ReportPlanning

/// What Kubernetes' own controllers do, and the operator's other half.
extension FakeScheduleCluster {
    /// What is owned by something that is gone goes, in the background: a step after it.
    mutating func collectGarbage() {
        let cronJob = world.cronJob?.object
        for (uid, tick) in world.ticks
        where !(cronJob.map { tick.object.belongs(to: $0) } ?? false) {
            world.ticks[uid] = nil
        }
        if let cronJob, cronJob.metadata.controller?.uid != world.schedule?.object.metadata.uid { world.cronJob = nil }
    }

    /// Each minute once, and as the concurrency policy says.
    mutating func tickWhenDue() {
        let minute = Timestamp(seconds: now.seconds / 60 * 60)
        guard lastScheduled.map({ $0 < minute }) ?? true, let cronJob = world.cronJob?.object,
            let created = cronJob.metadata.creationTimestamp, created < minute, cronJob.spec.suspend != true,
            cronJob.metadata.deletionTimestamp == nil
        else { return }
        let active = world.ticks.filter { !$0.value.object.isManual && $0.value.object.belongs(to: cronJob) }
        switch cronJob.spec.concurrencyPolicy {
        case "Forbid" where !active.isEmpty: return
        case "Replace":
            for uid in active.keys { delete(tick: uid) }
        default: break
        }
        lastScheduled = minute
        makeTick("\(cronJob.metadata.name)-\(minute.seconds / 60)", of: cronJob)
    }

    mutating func makeTick(_ name: String, of cronJob: CronJob, isManual: Bool = false) {
        guard !world.ticks.values.contains(where: { $0.object.metadata.name == name }) else { return }
        let uid = "tick-\(tickUIDs.count)"
        tickUIDs.append(uid)
        var owner = OwnerReference(controlledBy: cronJob)
        if isManual { owner.controller = nil }
        world.ticks[uid] = Versioned(
            Tick(
                metadata: ObjectMeta(
                    name: name, namespace: "finance", uid: uid, resourceVersion: nextResourceVersion(),
                    creationTimestamp: now, labels: cronJob.spec.jobTemplate.metadata?.labels ?? [:],
                    ownerReferences: [owner]),
                isManual: isManual))
    }

    /// Somebody else than the operator deletes a tick.
    mutating func delete(tick uid: String) {
        guard world.ticks.removeValue(forKey: uid) != nil else { return }
        deletedAlone.insert(uid)
    }

    /// Requests start at once, take as long as the script says, and stop a step after they are told to.
    mutating func runRequests() {
        for uid in world.requests.keys.sorted() {
            guard var request = world.requests[uid]?.object, !(request.status?.isTerminal ?? false) else { continue }
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
            guard status != request.status else { continue }
            if status.isTerminal { status.completedAt = now }
            request.status = status
            put(request)
        }
    }

    mutating func put(_ request: ReportRequest) {
        var request = request
        request.metadata.resourceVersion = nextResourceVersion()
        ends[request.metadata.name] = request.status?.phase?.rawValue ?? "-"
        if request.metadata.isDeleting, request.metadata.finalizers.isEmpty {
            world.requests[request.metadata.uid] = nil
        } else {
            world.requests[request.metadata.uid] = Versioned(request)
        }
    }
}
