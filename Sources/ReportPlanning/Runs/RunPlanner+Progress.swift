import KubernetesModel
import ReportAPI

extension RunPlanner {
    /// Reads what the stages came to, then starts, stops or ends.
    static func carryOn(_ draft: inout RunDraft) -> Answer {
        guard draft.status.phase == .running, let run = draft.status.accepted else { return .next }
        readStages(run, stopping: stopCause(run, draft) != nil, &draft)
        let hasSucceeded = draft.status.stages?.allSatisfy { $0.phase == .succeeded } ?? true
        if hasSucceeded || stopCause(run, draft) == nil, stopOutlived(&draft) {
            if let group = draft.sharedGroup { _ = keepSharedLock(group, &draft) }
            if !hasSucceeded { wakeAtTimeout(run, &draft) }
            return .done
        }
        // What has succeeded has succeeded, however late it is seen: a timeout counts only while something is missing.
        if hasSucceeded {
            succeed(run, &draft)
        } else if let cause = stopCause(run, draft) {
            stop(cause, run, &draft)
        } else {
            let ready = readyStages(run, draft)
            let group = ConcurrencyGroup(namespace: draft.request.metadata.namespace, run: run)
            let obstacle = group.scope == .shared ? keepSharedLock(group, &draft) : nil
            if let obstacle, !ready.isEmpty {
                let names = StageColumn.brief(ready.map { run.pipeline.stages[$0].name })
                draft.explain(obstacle.reason, "\(names) can't start yet: \(obstacle.message)")
            } else if failRefused(ready, run, &draft) {
                stop(.stageFailed, run, &draft)
            } else if ready.isEmpty, draft.status.stages?.contains(where: { $0.phase == .running }) != true {
                // Nothing runs and nothing can start, which no pipeline leads to that was checked.
                stop(.statusBroken, run, &draft)
            } else if !sayPostponed(ready, run, &draft) {
                start(ready, run, &draft)
                describeProgress(&draft)
            }
            if !draft.status.isTerminal { wakeAtTimeout(run, &draft) }
        }
        return .done
    }

    static func wakeAtTimeout(_ run: AcceptedRun, _ draft: inout RunDraft) {
        guard let timeout = run.pipeline.timeout, let startedAt = draft.status.startedAt else { return }
        draft.wake(at: startedAt.adding(timeout.seconds))
    }

    private static func stopCause(_ run: AcceptedRun, _ draft: RunDraft) -> StopCause? {
        let timeout = run.pipeline.timeout
        if let timeout, draft.request.status?.reason == Reason.timedOut { return .timedOut(timeout) }
        if draft.request.status?.reason == Reason.statusBroken { return .statusBroken }
        if draft.status.stages?.contains(where: { $0.phase == .failed }) == true { return .stageFailed }
        if draft.observed.lock == .lost || draft.request.status?.reason == Reason.sharedLockLost { return .lockLost }
        guard let timeout, let startedAt = draft.status.startedAt else { return nil }
        return draft.now.seconds >= startedAt.seconds + timeout.seconds ? .timedOut(timeout) : nil
    }

    /// The places of the stages whose dependencies have succeeded and that haven't started.
    private static func readyStages(_ run: AcceptedRun, _ draft: RunDraft) -> [Int] {
        guard let stages = draft.status.stages else { return [] }
        let succeeded = Set(stages.filter { $0.phase == .succeeded }.map(\.name))
        let graph = StageGraph(run.pipeline.stages)
        return stages.indices.filter { index in
            stages[index].phase == .pending && graph.dependencies[index].allSatisfy(succeeded.contains)
        }
    }

    /// Fails the stages whose Jobs the API server won't take; where there is one, nothing else starts beside it.
    private static func failRefused(_ ready: [Int], _ run: AcceptedRun, _ draft: inout RunDraft) -> Bool {
        var found = false
        for index in ready {
            guard let refusal = refusal(of: jobName(index, run, draft), run, draft) else { continue }
            draft.status.stages?[index].phase = .failed
            draft.status.stages?[index].reason = refusal.reason
            draft.status.stages?[index].message = refusal.message
            draft.status.stages?[index].completedAt = draft.now
            found = true
        }
        return found
    }

    /// Whether the status has first to say that a stage can't start yet, and what else has happened: it is written
    /// only after actions that succeed, and to create that Job may fail for long.
    private static func sayPostponed(_ ready: [Int], _ run: AcceptedRun, _ draft: inout RunDraft) -> Bool {
        for index in ready {
            guard let postponed = postponement(of: jobName(index, run, draft), run, draft) else { continue }
            let name = run.pipeline.stages[index].name
            let record = draft.request.status
            guard record?.reason != Reason.jobNotCreated || record?.stages != draft.status.stages else { continue }
            draft.explain(Reason.jobNotCreated, "\(name) can't start yet, and is tried again: \(postponed)")
            return true
        }
        return false
    }

    private static func start(_ ready: [Int], _ run: AcceptedRun, _ draft: inout RunDraft) {
        guard var stages = draft.status.stages else { return }
        // Those that failed to be created before come last: nothing behind them would get its turn.
        let postponed = ready.filter { postponement(of: jobName($0, run, draft), run, draft) != nil }
        for index in ready.filter({ !postponed.contains($0) }) + postponed {
            let job = jobName(index, run, draft)
            createWorkspaceOnce(run, stages, &draft)
            draft.actions.append(
                .createJob(
                    name: job,
                    manifest: StageJob.manifest(
                        request: draft.request, run: run, stage: run.pipeline.stages[index], attempt: draft.attempt)))
            stages[index].phase = .running
            stages[index].attempt = draft.attempt
            stages[index].job = job
            stages[index].startedAt = draft.now
            draft.status.startedAt = draft.status.startedAt ?? draft.now
        }
        draft.status.stages = stages
    }

    private static func jobName(_ index: Int, _ run: AcceptedRun, _ draft: RunDraft) -> String {
        ObjectNames.job(
            of: draft.request.metadata, stage: run.pipeline.stages[index].name, attempt: draft.attempt)
    }

    /// The claim comes before the first Job; an attempt that has none yet may find it in place.
    private static func createWorkspaceOnce(_ run: AcceptedRun, _ stages: [StageStatus], _ draft: inout RunDraft) {
        guard let workspace = run.pipeline.workspace, stages.allSatisfy({ $0.job == nil }) else { return }
        draft.actions.append(
            .createWorkspaceClaim(
                name: ObjectNames.workspaceClaim(of: draft.request.metadata),
                manifest: WorkspaceClaim.manifest(request: draft.request, workspace: workspace)))
    }

    private static func refusal(
        of job: String, _ run: AcceptedRun, _ draft: RunDraft
    ) -> (reason: String, message: String)? {
        if case .refused(let message) = draft.observed.setbacks[job] {
            return (Reason.jobRefused, "the API server refused its Job: \(message)")
        }
        let claim = ObjectNames.workspaceClaim(of: draft.request.metadata)
        if run.pipeline.workspace != nil, case .refused(let message) = draft.observed.setbacks[claim] {
            return (Reason.workspaceRefused, "the API server refused the workspace's volume claim: \(message)")
        }
        return nil
    }

    private static func postponement(of job: String, _ run: AcceptedRun, _ draft: RunDraft) -> String? {
        for name in [job, ObjectNames.workspaceClaim(of: draft.request.metadata)] {
            if case .postponed(let message) = draft.observed.setbacks[name] { return message }
        }
        return nil
    }

    private static func describeProgress(_ draft: inout RunDraft) {
        guard let stages = draft.status.stages else { return }
        let running = stages.filter { $0.phase == .running }
        guard !running.isEmpty else { return }
        if let stage = running.first(where: \.hasStarted), let message = stage.message {
            let isThrough = stage.reason == Reason.otherContainersRun
            draft.explain(Reason.stageRunning, "\(stage.name): \(isThrough ? stage.ending ?? message : message)")
            return
        }
        if let waiting = running.first(where: { $0.reason != nil }), let message = waiting.message {
            draft.explain(Reason.stageNotStarting, "\(waiting.name) can't start: \(message)")
            return
        }
        let names = StageColumn.brief(running.map(\.name))
        draft.explain(
            Reason.stageRunning,
            "\(names) \(running.count == 1 ? "is" : "are") running (\(StageColumn.number(stages)) of \(stages.count))")
    }
}

extension StageStatus {
    /// Whether what its entry says, if anything, happened to a pod that had started.
    var hasStarted: Bool {
        reason == Reason.otherContainersRun || reason == Reason.podDeleted || removalSeen != nil
    }
}
