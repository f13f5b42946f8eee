import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords

/// A plan while it is made, with the status as it shall be.
struct DeliveryDraft {
    /// Why nothing more is sent.
    struct End: Hashable {
        var reason: String?
        var message: String
    }

    let observed: ObservedDelivery
    let now: Date
    /// Nil while the ledger, or a document of it, can't be read.
    let copies: [KnownCopy]?
    var status: ReportDeliveryStatus
    var plan = DeliveryPlan()

    init(_ observed: ObservedDelivery, now: Date) {
        self.observed = observed
        self.now = now
        status = observed.delivery.status ?? ReportDeliveryStatus()
        copies = observed.unreadable.isEmpty ? Self.copies(observed, status, now: now) : nil
    }

    var metadata: ObjectMeta { observed.delivery.metadata }
    var hasFinalizer: Bool { metadata.finalizers.contains(ReportsAPI.Finalizer.delivery) }
    var spec: ReportDeliverySpec? { observed.delivery.spec.value }

    /// The plan, with what the status became.
    consuming func finished() -> DeliveryPlan {
        let isTouched = plan.actions.contains { action in
            switch action {
            case .send, .end: true
            case .addFinalizer, .removeFinalizer, .makeFiles, .delete: false
            }
        }
        if isTouched, !hasFinalizer {
            // Its write changes the resource, and has it looked at again: the status follows then.
            plan.actions.insert(.addFinalizer, at: 0)
            return plan
        }
        let old = observed.delivery.status
        guard status != old ?? ReportDeliveryStatus() else { return plan }
        status.observedGeneration = metadata.generation
        let mustStand = status.phase?.isTerminal == true || old?.pinned == nil && status.pinned != nil
        if !mustStand, let writtenAt = observed.writtenAt {
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

    /// Nothing more is sent: ends each copy that is still open, and with the last of them the delivery.
    mutating func fail(_ end: End) {
        plan.actions = []
        guard let copies, !copies.isEmpty else {
            // What was claimed is in the ledger, which has to be asked first.
            if copies == nil, status.pinned != nil || hasFinalizer { return waitForLedger() }
            return say(.failed, end.message, reason: end.reason)
        }
        guard isAnyOpen(copies) else { return finish(copies) }
        endAll(copies, .failed, end)
        tell(copies)
    }

    func isAnyOpen(_ copies: [KnownCopy]) -> Bool { copies.contains { !$0.copy.phase.isTerminal } }

    mutating func waitForLedger() {
        plan.isImpatient = true
        guard status.phase?.isTerminal != true else { return }
        if case .unknown(let words) = observed.ledger, !words.isEmpty { say(status.phase ?? .pending, words) }
        guard let first = observed.unreadable.first else { return }
        let others = observed.unreadable.count > 1 ? "; and \(observed.unreadable.count - 1) more" : ""
        say(
            status.phase ?? .pending,
            "nothing is sent, since it may have been before: \(first)\(others). If a later version's courier has written it, "
                + "let that one run; else mend the field in MongoDB, or delete the document where you know that this copy wasn't "
                + "sent: it goes out then. Or delete this delivery, and nothing more of it does",
            reason: Reason.ledgerUnreadable)
    }

    // MARK: Ends of the resource

    /// Somebody deletes it: what is unclaimed is cancelled, what is claimed is waited for. Its status is nobody's any more.
    mutating func cancel() {
        guard hasFinalizer else { return }
        // Of what can't be read nobody knows whether it was claimed: it stays as it is, and nobody sends it any more.
        let known = copies ?? (observed.unreadable.isEmpty ? nil : readableCopies)
        guard let copies = known else { return waitForLedger() }
        let words = "the delivery was deleted before this was sent"
        endAll(copies, .cancelled, End(reason: Reason.deliveryDeleted, message: words))
        if plan.actions.isEmpty, !isAnyOpen(copies) { plan.actions.append(.removeFinalizer) }
    }

    /// It is over: it is let go once the ledger holds its end, and goes when its time has come.
    mutating func retire() {
        if hasFinalizer {
            // Its end was told once the ledger held it, whatever has become of that since.
            guard let copies = copies ?? (observed.unreadable.isEmpty ? nil : readableCopies) else {
                return waitForLedger()
            }
            for known in copies where known.isRestored { restore(known) }
            if plan.actions.isEmpty { plan.actions.append(.removeFinalizer) }
            return
        }
        guard let completedAt = status.completedAt else { return }
        let ttl = spec?.ttlSecondsAfterFinished ?? ReportDeliverySpec.defaultTTLSeconds
        let due = completedAt.date.addingTimeInterval(Double(ttl))
        if due <= now { plan.actions.append(.delete) } else { plan.wake(at: due) }
    }
}
