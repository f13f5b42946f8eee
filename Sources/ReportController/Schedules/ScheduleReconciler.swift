import ControllerRuntime
import FoundationEssentials
import KubernetesModel
import Logging
import ReportAPI
import ReportPlanning

/// Observe, plan, apply: one pass for one schedule, which may be gone.
struct ScheduleReconciler: Sendable {
    let observer: ScheduleObserver
    let applier: ScheduleApplier
    let logger: Logger
    let now: @Sendable () -> Date

    func reconcile(_ uid: String) async throws -> ReconcileResult {
        let observed = observer.observe(uid)
        // Nothing is left of a schedule that neither is there nor has a request.
        guard let namespace = (observed.schedule?.metadata ?? observed.requests.first?.metadata)?.namespace else {
            return .done
        }
        let plan = SchedulePlanner.plan(observed, now: Timestamp(now()))
        let subject = ScheduleApplier.Subject(
            uid: uid, namespace: namespace, generation: observed.schedule?.metadata.generation ?? 0,
            schedule: observed.schedule)
        do {
            try await applier.apply(plan, to: subject)
        } catch let error as Stale {
            logger.debug("Requeued", metadata: subject.logMetadata.with("why", "\(error)"))
            return .lookAgain
        } catch let error as NotMade<ObservedSchedule.Setback> where error.isNew {
            logger.warning("A schedule can't be carried out", metadata: subject.logMetadata.with("error", "\(error)"))
            return .requeue(after: .zero)
        }
        // What failed before has gone well: that is to be told.
        if !plan.retries.isEmpty { return .requeue(after: .zero) }
        guard let wakeAt = plan.wakeAt else { return .done }
        return .requeue(after: .seconds(max(0, wakeAt.date.timeIntervalSince(now())) + 0.01))
    }
}

extension Logger.Metadata {
    fileprivate func with(_ key: String, _ value: String) -> Logger.Metadata {
        merging([key: "\(value)"]) { first, _ in first }
    }
}
