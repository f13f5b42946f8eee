import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords

/// A plan while it is made, with the status as it shall be.
struct DeliveryDraft {
    /// Why nothing more is sent.
    struct End: Hashable {
        var reason: String
        var message: String
    }

    let observed: ObservedDelivery
    let now: Date
    var status: ReportDeliveryStatus
    var plan = DeliveryPlan()

    init(_ observed: ObservedDelivery, now: Date) {
        self.observed = observed
        self.now = now
        status = observed.delivery.status ?? ReportDeliveryStatus()
    }

    var metadata: ObjectMeta { observed.delivery.metadata }
    var hasFinalizer: Bool { metadata.finalizers.contains(ReportsAPI.Finalizer.delivery) }
    var spec: ReportDeliverySpec? { observed.delivery.spec.value }

    /// The plan, with what the status became.
    consuming func finished() -> DeliveryPlan {
        status.observedGeneration = metadata.generation
        guard status != observed.delivery.status else { return plan }
        let isEnd = status.phase?.isTerminal == true
        let isFirst = observed.delivery.status?.pinned == nil
        if !isEnd, !isFirst, let writtenAt = observed.writtenAt {
            let due = writtenAt.addingTimeInterval(DeliveryPlanner.statusPause)
            // Not in the future, where the clock was set back.
            if now < due, now >= writtenAt {
                plan.wake(at: due)
                return plan
            }
        }
        plan.status = status
        return plan
    }

    /// What goes on, for people.
    mutating func say(_ phase: ReportDeliveryStatus.Phase, _ message: String, reason: String? = nil) {
        status.phase = phase
        status.message = message.head(bytes: 4096)
        if phase.isTerminal { status.completedAt = Timestamp(now) }
        let standing: (status: String, reason: String) =
            switch phase {
            case .pending, .rendering, .sending: ("Unknown", reason ?? phase.rawValue)
            case .delivered: ("True", reason ?? Reason.delivered)
            case .partlyDelivered: ("False", reason ?? Reason.partlyDelivered)
            case .failed: ("False", reason ?? Reason.deliveryFailed)
            }
        let before = status.conditions?.first { $0.type == ReportDeliveryStatus.deliveredCondition }
        let isSame = before?.status == standing.status
        status.conditions = [
            Condition(
                type: ReportDeliveryStatus.deliveredCondition, status: standing.status, reason: standing.reason,
                message: message.head(bytes: 4096),
                lastTransitionTime: isSame ? before?.lastTransitionTime : Timestamp(now),
                observedGeneration: metadata.generation)
        ]
    }

    /// Ends what was never pinned; else each copy that is still open, and with the last of them the delivery.
    mutating func fail(_ end: End) {
        guard status.pinned != nil, let recipients = status.recipients else {
            return say(.failed, end.message, reason: end.reason)
        }
        guard case .found(let copies) = observed.ledger else { return waitForLedger() }
        settle(recipients, copies, end)
    }

    // MARK: Ends of the resource

    /// Somebody deletes it: what is unclaimed is cancelled.
    mutating func cancel() {
        guard hasFinalizer else { return }
        guard case .found(let copies) = observed.ledger else { return waitForLedger() }
        let isOver = settle(
            status.recipients ?? [], copies,
            End(reason: Reason.deliveryDeleted, message: "the delivery was deleted before this was sent"),
            cancelling: true)
        // Its status is nobody's any more.
        status = observed.delivery.status ?? ReportDeliveryStatus()
        if isOver { plan.actions.append(.removeFinalizer) }
    }

    /// It is over: the ledger holds its end, and the resource goes when its time has come.
    mutating func retire() {
        if hasFinalizer { return plan.actions.append(.removeFinalizer) }
        guard let completedAt = status.completedAt else { return }
        let ttl = spec?.ttlSecondsAfterFinished ?? ReportDeliverySpec.defaultTTLSeconds
        let due = completedAt.date.addingTimeInterval(Double(ttl))
        if due <= now { plan.actions.append(.delete) } else { plan.wake(at: due) }
    }

    mutating func waitForLedger() {
        if case .unknown(let words) = observed.ledger, !words.isEmpty { say(status.phase ?? .pending, words) }
        plan.isImpatient = true
    }
}
