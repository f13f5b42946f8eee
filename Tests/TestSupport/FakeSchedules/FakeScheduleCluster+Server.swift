import FoundationEssentials
import KubernetesModel
import ReportAPI
package import ReportPlanning

/// What the API server does when a plan is carried out.
extension FakeScheduleCluster {
    package enum Failure: Error, Hashable {
        case setback(String, ObservedSchedule.Setback)
        /// A confirmation that didn't hold.
        case notSo
        case conflict
    }

    /// Carries out a plan that was made from `seen`: the actions up to the first that fails, the status, what failed before.
    /// Of a pass that dies, only the first `limit` steps are done.
    package mutating func carryOut(_ plan: SchedulePlan, seen: ObservedSchedule, limit: Int = .max) -> Failure? {
        var left = limit
        for action in plan.actions {
            guard left > 0 else { return nil }
            left -= 1
            defer { remember() }
            do { try apply(action, seen) } catch { return error }
        }
        if let status = plan.status {
            guard left > 0 else { return nil }
            left -= 1
            defer { remember() }
            do { try write(status, seen) } catch { return error }
        }
        for action in plan.retries {
            guard left > 0 else { return nil }
            left -= 1
            defer { remember() }
            do { try apply(action, seen) } catch { return error }
        }
        return nil
    }

    private mutating func write(_ status: ReportScheduleStatus, _ seen: ObservedSchedule) throws(Failure) {
        guard var schedule = world.schedule?.object else { return }
        guard schedule.metadata.resourceVersion == seen.schedule?.metadata.resourceVersion else { throw .conflict }
        for (before, after) in [
            (schedule.status?.lastScheduleTime, status.lastScheduleTime),
            (schedule.status?.lastSuccessfulTime, status.lastSuccessfulTime),
        ] {
            if let before, after.map({ $0 < before }) ?? true { violations.append("a time in the status went back") }
        }
        schedule.status = status
        schedule.metadata.resourceVersion = nextResourceVersion()
        world.schedule = Versioned(schedule)
    }

    private mutating func apply(_ action: ScheduleAction, _ seen: ObservedSchedule) throws(Failure) {
        switch action {
        case .createCronJob(let name, let manifest):
            try createCronJob(name, manifest)
        case .updateCronJob(let name, let patch):
            try updateCronJob(name, patch)
        case .createRequest(let tick, let request):
            try create(request, for: tick)
        case .markTick(_, let uid, let served):
            guard var tick = world.ticks[uid]?.object else { return }
            tick.served = served
            tick.metadata.resourceVersion = nextResourceVersion()
            world.ticks[uid] = Versioned(tick)
        case .setFinalizers(let name, let version, let finalizers):
            guard var request = request(named: name) else { return }
            guard request.metadata.resourceVersion == version else { throw .conflict }
            request.metadata.finalizers = finalizers
            put(request)
        case .confirmTickIsGone(let uid):
            if world.ticks[uid] != nil { throw .notSo }
        case .confirmRequestIsGone(let name, let uid):
            if request(named: name)?.metadata.uid == uid { throw .notSo }
        case .confirmTickWasDeletedAlone(let uid, _, let cronJobUID):
            guard world.ticks[uid] == nil, world.cronJob?.object.metadata.uid == cronJobUID, world.schedule != nil
            else { throw .notSo }
        case .cancelRequest(let name, let version):
            try cancel(name, version)
        case .deleteTick(_, let uid):
            checkDeletion(ofTick: uid)
            world.ticks[uid] = nil
        case .deleteRequest(let name, let uid, let version):
            guard let request = request(named: name), request.metadata.uid == uid else { return }
            guard request.metadata.resourceVersion == version else { throw .conflict }
            if request.status?.isTerminal != true { violations.append("\(name) was deleted before its end") }
            world.requests[uid] = nil
        }
    }

    private func request(named name: String) -> ReportRequest? {
        world.requests.values.map(\.object).first { $0.metadata.name == name }
    }

    // MARK: CronJobs

    private mutating func createCronJob(_ name: String, _ manifest: JSONValue) throws(Failure) {
        if let there = world.cronJob?.object {
            guard there.metadata.controller?.uid == Self.uid else { throw .setback(name, .taken) }
            return
        }
        let version = nextResourceVersion()
        let metadata = JSONValue.object(["uid": .string("cronjob-\(version)"), "creationTimestamp": .string("\(now)")])
        try store(name, manifest.merging(.object(["metadata": metadata])), version)
    }

    private mutating func updateCronJob(_ name: String, _ patch: JSONValue) throws(Failure) {
        guard let there = world.cronJob?.object else { throw .conflict }
        guard patch["metadata"]?["resourceVersion"]?.string == there.metadata.resourceVersion else { throw .conflict }
        guard let json = try? JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(there)) else { return }
        try store(name, json.merging(patch), nextResourceVersion())
    }

    private mutating func store(_ name: String, _ json: JSONValue, _ version: String) throws(Failure) {
        let versioned = json.merging(.object(["metadata": .object(["resourceVersion": .string(version)])]))
        guard var cronJob = try? JSONDecoder().decode(CronJob.self, from: Data(versioned.jsonText)) else {
            violations.append("a CronJob that no server understands")
            return
        }
        if script.refused.contains(cronJob.spec.schedule) { throw .setback(name, .refused("no such schedule")) }
        let dropsZone = cronJob.spec.timeZone != nil && steps < script.keepsZonesFrom
        if dropsZone { cronJob.spec.timeZone = nil }
        // A write that changes nothing makes no new version.
        let there = world.cronJob?.object
        if there?.spec != cronJob.spec || there?.metadata.labels != cronJob.metadata.labels {
            world.cronJob = Versioned(cronJob)
        }
        guard dropsZone else { return }
        if cronJob.spec.suspend != true { violations.append("the CronJob ticks without its zone") }
        throw .setback(name, .zoneDropped)
    }

    // MARK: Requests

    private mutating func create(_ manifest: TickRequest, for tick: Tick) throws(Failure) {
        guard let live = world.ticks[tick.metadata.uid]?.object, live.served == nil else { throw .notSo }
        for name in [manifest.otherName, manifest.name] {
            if let found = request(named: name),
                found.metadata.labels[ReportsAPI.Label.tickUID] == tick.metadata.uid
            {
                return
            }
        }
        if steps < script.takesRequestsFrom { throw .setback(tick.metadata.uid, .postponed("exceeded quota")) }
        let name = request(named: manifest.name) == nil ? manifest.name : manifest.otherName
        creations[tick.metadata.uid, default: 0] += 1
        if creations[tick.metadata.uid] != 1 { violations.append("\(name) was made twice") }
        put(
            ReportRequest(
                metadata: ObjectMeta(
                    name: name, namespace: "finance", uid: "request-of-\(tick.metadata.uid)", generation: 1,
                    creationTimestamp: now, labels: manifest.metadata.labels, finalizers: manifest.metadata.finalizers),
                spec: manifest.spec))
    }

    private mutating func cancel(_ name: String, _ version: String) throws(Failure) {
        guard var request = request(named: name) else { return }
        guard request.metadata.resourceVersion == version, var spec = request.spec.value else { throw .conflict }
        let tick = request.metadata.labels[ReportsAPI.Label.tickUID] ?? ""
        if !deletedAlone.contains(tick) { violations.append("\(name) was cancelled, and nobody had deleted its tick") }
        spec.cancel = true
        request.spec = .value(spec)
        request.metadata.labels[ReportsAPI.Label.replaced] = "true"
        put(request)
    }

    private mutating func checkDeletion(ofTick uid: String) {
        guard let tick = world.ticks[uid]?.object else { return }
        if creations[uid] == nil { violations.append("\(tick.metadata.name) was deleted and never served") }
        if let request = request(ofTick: uid), request.status?.isTerminal != true, !request.metadata.isDeleting,
            request.spec.value?.attempt ?? 1 == 1
        {
            violations.append("\(tick.metadata.name) was deleted while its request runs")
        }
    }
}
