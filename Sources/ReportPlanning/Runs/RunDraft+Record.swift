import KubernetesModel
import ReportAPI

/// The condition `Recorded`.
extension RunDraft {
    /// Seconds after which it is written alone that a run which goes on is recorded. Before, it goes along with the
    /// next change of the status, so that a run of a few seconds costs no write of its own.
    static let recordPatience: Int64 = 5

    mutating func describeRecord() {
        let isNew = status != request.status
        let isEnding = status.isTerminal && (request.status?.isTerminal != true || attempt != request.status?.attempt)
        if observed.record == .notConfigured {
            return describeMissingStore(isNew: isNew)
        }
        if isEnding {
            set(.recorded, false, reason: Reason.recordPending, message: "how the run ended is about to be stored")
            return
        }
        switch observed.record {
        case .notConfigured:
            break
        case .pending:
            guard recorded == nil || recorded?.reason == Reason.notConfigured else { return }
            set(.recorded, false, reason: Reason.recordPending, message: "about to be stored")
        case .unavailable(let message):
            guard recorded?.reason != Reason.storeUnavailable || recorded?.message != message else { return }
            set(.recorded, false, reason: Reason.storeUnavailable, message: message)
        case .stored:
            guard let recorded, status.isRecorded != true else { return }
            let due = Timestamp(seconds: (recorded.lastTransitionTime ?? now).seconds + Self.recordPatience)
            guard status.isTerminal || isNew || due <= now else { return wake(at: due) }
            if status.phase == .succeeded { status.asOf = observed.asOf ?? status.asOf }
            set(.recorded, true, reason: Reason.recorded, message: "stored in MongoDB, where it outlives this resource")
        }
    }

    /// What an operator without MongoDB can say: nothing of what an earlier one has stored stands for what comes now.
    private mutating func describeMissingStore(isNew: Bool) {
        let isHeld =
            request.metadata.isDeleting && request.metadata.finalizers.contains(ReportsAPI.Finalizer.record)
        guard recorded == nil || isNew || isHeld, recorded?.reason != Reason.notConfigured || isHeld else { return }
        let message =
            isHeld
            ? "the request stays until its end is recorded, and the operator runs without MongoDB: give it one, or remove "
                + "the finalizer \(ReportsAPI.Finalizer.record) by hand"
            : "no record is kept outside the cluster: the operator runs without MongoDB"
        guard recorded?.message != message else { return }
        set(.recorded, false, reason: Reason.notConfigured, message: message)
    }

    private var recorded: Condition? {
        status.condition(.recorded)
    }
}
