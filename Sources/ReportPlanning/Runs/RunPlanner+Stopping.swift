import KubernetesModel
import ReportAPI

/// Why a run comes to an end before all its stages have succeeded.
enum StopCause {
    case stageFailed
    case timedOut(ReportDuration)
    case cancelled
    /// The tick of its schedule was deleted.
    case replaced
    case deleted
    /// Another run has the shared lock.
    case lockLost
    /// The API server takes no longer status.
    case statusRefused(String)
    /// Somebody else wrote into the status.
    case statusBroken
}

extension RunPlanner {
    /// A cancelled or deleted request stops at whatever point it has reached.
    static func stopWhatIsCancelled(_ draft: inout RunDraft) -> Answer {
        let isDeleting = draft.request.metadata.isDeleting
        let isCancelled = draft.request.spec.value?.cancel == true || draft.status.phase == .cancelling
        guard isDeleting || isCancelled else { return .next }
        let cause: StopCause = isDeleting ? .deleted : draft.isReplaced ? .replaced : .cancelled
        if draft.status.phase == nil {
            draft.status.attempt = draft.wantedAttempt
            draft.status.queuedAt = draft.now
        }
        if let run = draft.status.accepted {
            readStages(run, stopping: true, &draft)
            stop(cause, run, &draft)
        } else {
            draft.end(
                .cancelled, reason: reason(cause), message: "cancelled before it began")
        }
        return .done
    }

    /// Deletes the Jobs that go on, and ends the run only when no pod of it runs any more.
    static func stop(_ cause: StopCause, _ run: AcceptedRun, _ draft: inout RunDraft) {
        guard var stages = draft.status.stages else { return }
        // What still runs of it holds the lock, after a restart of the operator too.
        if let group = draft.sharedGroup, draft.status.phase?.holdsSlot == true { _ = keepSharedLock(group, &draft) }
        let unfinished = draft.observed.jobs.filter { !$0.isFinished && !$0.isSpent(by: draft.observed.pods) }
        // The cause is stored before anything is deleted for it: a restart in between must not take these deletions
        // for somebody else's, nor may a cancellation that is taken back meet them.
        guard isOnRecord(cause, draft) || unfinished.isEmpty else {
            return describeStopping(cause, run, &draft)
        }
        draft.actions += unfinished.filter { !$0.metadata.isDeleting }.map {
            .deleteJob(name: $0.metadata.name, uid: $0.metadata.uid)
        }
        let livePods = draft.observed.pods.filter { !$0.hasEnded }
        let failed = Set(stages.filter { $0.phase == .failed }.map(\.name))
        let dependents = StageGraph(run.pipeline.stages).dependents(of: failed)
        for index in stages.indices {
            switch stages[index].phase {
            case .pending:
                stages[index].phase = .skipped
                stages[index].reason = dependents.contains(stages[index].name) ? Reason.dependencyFailed : reason(cause)
            case .running:
                // A Job that has ended without its stage's entry saying so waits for its pod's word.
                let isLive =
                    draft.observed.jobs.contains { $0.metadata.name == stages[index].job }
                    || livePods.contains { $0.belongs(to: stages[index]) }
                guard !isLive else { continue }
                stages[index].phase = .cancelled
                // What kept it from starting stays, below what ended it.
                if stages[index].reason == nil {
                    stages[index].message = nil
                } else if !stages[index].hasStarted {
                    stages[index].message = stages[index].message.map { "couldn't start: \($0)" }
                }
                stages[index].reason = reason(cause)
                stages[index].completedAt = draft.end(of: stages[index])
            case .succeeded, .failed, .cancelled, .skipped:
                break
            }
        }
        draft.status.stages = stages
        guard unfinished.isEmpty, livePods.isEmpty, !stages.contains(where: { $0.phase == .running }) else {
            return describeStopping(cause, run, &draft)
        }
        // From the moment its place was stored a Job may have been made that neither the status nor the cache knows.
        if draft.request.status?.phase?.holdsSlot == true {
            draft.actions.append(.confirmNothingRuns)
        }
        let end = ending(cause, run, stages)
        let isStageFailure = if case .stageFailed = cause { true } else { false }
        draft.end(
            end.phase, reason: reason(cause), message: end.message,
            brief: isStageFailure ? briefFailure(stages) : nil)
    }

    private static func isOnRecord(_ cause: StopCause, _ draft: RunDraft) -> Bool {
        switch cause {
        case .stageFailed: draft.request.status?.stages?.contains { $0.phase == .failed } ?? false
        case .timedOut: draft.request.status?.reason == Reason.timedOut
        case .cancelled, .replaced: draft.request.status?.phase == .cancelling
        // The deletion timestamp is a record of its own.
        case .deleted: true
        case .lockLost: draft.request.status?.reason == Reason.sharedLockLost
        case .statusRefused: draft.request.status?.reason == Reason.statusRefused
        case .statusBroken: draft.request.status?.reason == Reason.statusBroken
        }
    }

    private static func describeStopping(_ cause: StopCause, _ run: AcceptedRun, _ draft: inout RunDraft) {
        let waits = whatStops(run, &draft)
        switch cause {
        case .stageFailed:
            draft.explain(reason(cause), "\(failureText(draft.status.stages ?? [])); \(waits)")
        case .timedOut(let timeout):
            draft.explain(reason(cause), "the run took longer than \(timeout); \(waits)")
        case .lockLost:
            draft.explain(reason(cause), "\(Self.lockLost); \(waits)")
        case .statusBroken:
            draft.explain(reason(cause), "\(broken(run)); \(waits)")
        case .statusRefused(let refusal):
            draft.explain(reason(cause), "\(unwritable(refusal)); \(waits)")
        case .cancelled, .replaced, .deleted:
            draft.status.phase = .cancelling
            draft.explain(reason(cause), "cancelling: \(waits)")
        }
    }

    private static func ending(
        _ cause: StopCause, _ run: AcceptedRun, _ stages: [StageStatus]
    ) -> (phase: ReportRequestStatus.Phase, message: String) {
        let stopped = stages.filter { $0.phase == .cancelled }.map(\.name)
        let place = stopped.isEmpty ? "" : " while \(StageColumn.brief(stopped)) ran"
        switch cause {
        case .stageFailed:
            return (.failed, failureText(stages))
        case .statusBroken:
            return (.failed, broken(run))
        case .statusRefused(let refusal):
            return (.failed, unwritable(refusal))
        case .timedOut(let timeout):
            let obstacles = stages.filter { $0.phase == .cancelled || $0.phase == .failed }.compactMap { stage in
                stage.ending.map { "; \(stage.name): \($0)" }
            }
            return (
                .failed, "the run took longer than \(timeout) and was stopped\(place)\(obstacles.prefix(4).joined())"
            )
        case .cancelled:
            return (.cancelled, "cancelled\(place); to resume, set spec.cancel to false and raise spec.attempt")
        case .replaced:
            return (
                .cancelled,
                "cancelled\(place): the tick of its schedule was deleted, as by the next run with concurrencyPolicy Replace"
            )
        case .deleted:
            return (.cancelled, "the request was deleted\(place)")
        case .lockLost:
            return (.failed, "\(Self.lockLost); it was stopped\(place); to resume, raise spec.attempt")
        }
    }

    private static let lockLost =
        "the shared lock could not be renewed in time, and a run of another cluster has taken it over"

    /// Names the stages that failed, each with how it ended: what its program wrote last is in its own entry.
    private static func failureText(_ stages: [StageStatus]) -> String {
        let failed = stages.filter { $0.phase == .failed }
        let shown = failed.prefix(shownFailures).map { $0.failure($0.ending) }
        let others = failed.dropFirst(shownFailures).map(\.name)
        let rest = others.isEmpty ? [] : ["\(others.count) more failed: \(StageColumn.brief(others))"]
        return (shown + rest).joined(separator: "; ")
    }

    /// For a condition, beside the run's message.
    private static func briefFailure(_ stages: [StageStatus]) -> String {
        let failed = stages.filter { $0.phase == .failed }
        let shown = failed.prefix(shownFailures).map { $0.failure($0.reason) }
        let rest = failed.count > shown.count ? ["\(failed.count - shown.count) more failed"] : []
        return (shown + rest).joined(separator: "; ")
    }

    private static let shownFailures = 4

    static func reason(_ cause: StopCause) -> String {
        switch cause {
        case .stageFailed: Reason.stageFailed
        case .timedOut: Reason.timedOut
        case .cancelled: Reason.cancelledByUser
        case .replaced: Reason.replaced
        case .deleted: Reason.requestDeleted
        case .lockLost: Reason.sharedLockLost
        case .statusRefused: Reason.statusRefused
        case .statusBroken: Reason.statusBroken
        }
    }
}

extension RunDraft {
    /// Whether the schedule cancelled it; a later attempt is a person's.
    fileprivate var isReplaced: Bool {
        request.metadata.labels[ReportsAPI.Label.replaced] != nil && attempt <= 1
    }
}
