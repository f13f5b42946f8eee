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

    func reconcile(_ key: OwnerKey) async throws -> ReconcileResult {
        let wakeForHolidays = try await observer.holidays.read(for: key, observer.cache.schedule(key))
        let observed = observer.observe(key)
        applier.metrics.times.note(observed, of: key, at: Timestamp(now()))
        // Nothing is left of a schedule that neither is there nor has a request.
        guard observed.schedule != nil || !observed.requests.isEmpty else { return .done }
        // What is in the cache is old then, and nothing is to be written on its strength.
        if let schedule = observed.schedule, observer.cache.schedules.undecodable(schedule.key) != nil { return .done }
        let plan = SchedulePlanner.plan(observed, now: Timestamp(now()))
        let subject = ScheduleApplier.Subject(
            uid: key.uid, namespace: key.namespace, generation: observed.schedule?.metadata.generation ?? 0,
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
        let planned = plan.wakeAt.map { Duration.seconds(max(0, $0.date.timeIntervalSince(now())) + 0.01) }
        guard let soonest = [planned, wakeForHolidays].compactMap(\.self).min() else { return .done }
        return .requeue(after: soonest)
    }
}

extension Logger.Metadata {
    fileprivate func with(_ key: String, _ value: String) -> Logger.Metadata {
        merging([key: "\(value)"]) { first, _ in first }
    }
}
