import KubernetesModel
import ReportAPI

/// The condition `Recorded`.
extension Draft {
    /// Seconds after which it is written alone that a run which goes on is recorded. Before, it goes along with the
    /// next change of the status, so that a run of a few seconds costs no write of its own.
    static let recordPatience: Int64 = 5

    /// Whether everything that the request has come to is stored, as far as its status knows.
    var isRecorded: Bool { status.isRecorded }

    mutating func describeRecord() {
        let isNew = status != request.status
        let isEnding = status.isTerminal && (request.status?.isTerminal != true || attempt != request.status?.attempt)
        if isEnding, observed.record != .notConfigured {
            set(.recorded, false, reason: Reason.recordPending, message: "how the run ended is about to be stored")
            return
        }
        switch observed.record {
        case .notConfigured:
            guard recorded == nil else { return }
            set(
                .recorded, false, reason: Reason.notConfigured,
                message: "no record is kept outside the cluster: the operator runs without MongoDB")
        case .pending:
            guard recorded == nil || recorded?.reason == Reason.notConfigured else { return }
            set(.recorded, false, reason: Reason.recordPending, message: "about to be stored")
        case .unavailable(let message):
            guard recorded?.reason != Reason.storeUnavailable || recorded?.message != message else { return }
            set(.recorded, false, reason: Reason.storeUnavailable, message: message)
        case .stored:
            guard let recorded, !isRecorded else { return }
            let due = Timestamp(seconds: (recorded.lastTransitionTime ?? now).seconds + Self.recordPatience)
            guard status.isTerminal || isNew || due <= now else { return wake(at: due) }
            set(.recorded, true, reason: Reason.recorded, message: "stored in MongoDB, where it outlives this resource")
        }
    }

    private var recorded: Condition? {
        status.conditions?.first { $0.type == ConditionType.recorded.rawValue }
    }
}
