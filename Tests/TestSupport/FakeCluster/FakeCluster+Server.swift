import KubernetesModel
package import ReportAPI
package import ReportPlanning

/// What the API server does when a plan is carried out.
extension FakeCluster {
    package enum Failure: Error, Hashable {
        case refused(name: String)
        case postponed(name: String)
        /// A confirmation that didn't hold.
        case notSo
        case conflict
    }

    /// Carries out a plan that was made from `seen`: the actions up to the first that fails, then the status.
    /// Of a pass that dies, only the first `limit` steps are done; the status is the last step.
    package mutating func carryOut(
        _ plan: RunPlan, seen: ReportRequest, limit: Int = .max
    ) -> (failure: Failure?, setbacks: [String: ObservedRun.Setback]) {
        var left = limit
        for action in plan.actions {
            guard left > 0 else { return (nil, [:]) }
            left -= 1
            do {
                try apply(action, for: seen)
            } catch {
                remember()
                switch error {
                case .refused(let name): return (error, [name: .refused("denied by policy")])
                case .postponed(let name): return (error, [name: .postponed("exceeded quota")])
                case .notSo, .conflict: return (error, [:])
                }
            }
            remember()
        }
        guard left > 0, let status = plan.status else { return (nil, [:]) }
        let failure = write(status, seen: seen)
        remember()
        check()
        return (failure, [:])
    }

    package mutating func write(_ status: ReportRequestStatus, seen: ReportRequest) -> Failure? {
        let uid = seen.metadata.uid
        guard var current = request(uid) else { return nil }
        guard current.metadata.resourceVersion == seen.metadata.resourceVersion else { return .conflict }
        if let before = current.status, before.isTerminal, let phase = before.phase, status.phase != phase,
            status.attempt ?? 1 <= before.attempt ?? 1
        {
            violations.append("\(current.metadata.name): \(phase) became \(status.phase?.rawValue ?? "nothing")")
        }
        if let phase = status.phase, phases[uid]?.last != phase { phases[uid, default: []].append(phase) }
        let told = (status.previousAttempts ?? []).flatMap { $0.transitions ?? [] } + (status.transitions ?? [])
        if told.map(\.phase) != phases[uid] ?? [] {
            violations.append("\(current.metadata.name): the transitions don't tell the phases that were written")
        }
        current.status = status
        current.metadata.resourceVersion = nextResourceVersion()
        world.requests[uid]?.request = current
        return nil
    }

    private mutating func apply(_ action: RunAction, for seen: ReportRequest) throws(Failure) {
        let uid = seen.metadata.uid
        switch action {
        case .setFinalizers(let finalizers):
            try set(finalizers, of: seen)
        case .takeSharedLock:
            takeLock(uid)
        case .keepSharedLock(_, let fence):
            keepLock(uid, fence: fence)
        case .releaseSharedLock:
            releaseLock(uid)
        case .createWorkspaceClaim(let name, _):
            if claims.insert(name).inserted { claimCreations[name, default: 0] += 1 }
        case .createJob(let name, let manifest):
            try createJob(name, manifest, uid)
        case .deleteJob(let name, let jobUID):
            guard let fake = world.jobs[name], fake.job.metadata.uid == jobUID else { return }
            if !fake.job.metadata.isDeleting { world.jobs[name]?.job.metadata.deletionTimestamp = now }
        case .confirmJobIsGone(let name):
            if world.jobs[name] != nil { throw .notSo }
        case .confirmNothingRuns:
            if runs(uid) { throw .notSo }
        case .deleteRequest:
            guard request(uid)?.metadata.resourceVersion == seen.metadata.resourceVersion else { throw .conflict }
            world.requests[uid] = nil
        }
    }

    private mutating func set(_ finalizers: [String], of seen: ReportRequest) throws(Failure) {
        let uid = seen.metadata.uid
        guard var current = request(uid) else { return }
        guard current.metadata.resourceVersion == seen.metadata.resourceVersion else { throw .conflict }
        let removed = current.metadata.finalizers.filter { !finalizers.contains($0) }
        if removed.contains(ReportsAPI.Finalizer.record), recordedPhases[uid]?.isTerminal != true {
            violations.append("\(current.metadata.name) was let go before its end was recorded")
        }
        if removed.contains(ReportsAPI.Finalizer.sharedLock), lock.holder == uid {
            violations.append("\(current.metadata.name) was let go while it had the shared lock")
        }
        if current.metadata.isDeleting, finalizers.contains(where: { !current.metadata.finalizers.contains($0) }) {
            violations.append("\(current.metadata.name) got a finalizer while it was being deleted")
        }
        current.metadata.finalizers = finalizers
        current.metadata.resourceVersion = nextResourceVersion()
        world.requests[uid]?.request = current
        // With its last finalizer it goes, and what it owns a little later.
        if current.metadata.isDeleting, finalizers.isEmpty { vanish(uid) }
    }

    private mutating func createJob(_ name: String, _ manifest: JSONValue, _ uid: String) throws(Failure) {
        guard world.jobs[name] == nil else { return }
        let labels = manifest["metadata"]?["labels"]
        guard let stage = labels?[ReportsAPI.Label.stage]?.string,
            let attempt = labels?[ReportsAPI.Label.attempt]?.string.flatMap(Int.init), let request = request(uid)
        else { throw .refused(name: name) }
        if script.refused.contains(stage) { throw .refused(name: name) }
        if let until = script.postponed[stage], steps < until { throw .postponed(name: name) }
        checkStart(of: stage, request)
        if script.hasLock, ConcurrencyGroup(request)?.scope == .shared, lock.holder != uid {
            violations.append("\(stage) started without the shared lock")
        }
        creations[name, default: 0] += 1
        if creations[name] != 1 { violations.append("Job \(name) was made \(creations[name] ?? 0) times") }
        var job = Job.fixture(of: request, stage: stage, attempt: attempt, at: now)
        // A Job that is made again has another uid.
        job.metadata.uid += "-\(creations[name] ?? 0)"
        var deadline: Timestamp?
        if case .integer(let seconds)? = manifest["spec"]?["activeDeadlineSeconds"] { deadline = now.after(seconds) }
        world.jobs[name] = FakeJob(job: job, stage: stage, attempt: attempt, owner: uid, deadline: deadline)
    }

    /// Whether anything of the request runs, or may the next moment.
    package func runs(_ uid: String) -> Bool {
        world.jobs.values.contains { $0.owner == uid && !$0.job.isFinished }
            || world.pods.values.contains { $0.owner == uid && !$0.pod.hasEnded }
    }

    private mutating func checkStart(of stage: String, _ request: ReportRequest) {
        guard let pipeline = request.status?.accepted?.pipeline else {
            violations.append("\(stage) started before its request was accepted")
            return
        }
        let graph = StageGraph(pipeline.stages)
        for (name, needs) in zip(graph.names, graph.dependencies) where name == stage {
            for need in needs where !succeededStages.contains("\(request.metadata.uid)/\(need)") {
                violations.append("\(stage) started before \(need) had succeeded")
            }
        }
    }

    /// What must hold at every moment.
    package mutating func check() {
        for (uid, snapshot) in world.requests {
            let request = snapshot.request
            guard request.status?.isTerminal == true, runs(uid) else { continue }
            violations.append(
                "\(request.metadata.name) is \(request.status?.phase?.rawValue ?? "") while something of it runs")
        }
    }
}
