internal import KubernetesModel
internal import ReportAPI

/// Numbers that sort events as they happened.
///
/// Times have whole seconds and come from several clocks. So within an attempt its beginning comes first and its end last,
/// whatever their times say; and what happened in one second follows the stages' order.
enum EventSequence {
    /// Where in an attempt an event belongs: what its times can't put wrong, then what breaks a tie.
    enum Place {
        case queued, running, stageStart, stageEnd, cancelling, stageStopped, terminal
        case deletedBeforeEnd, deletedAfterEnd

        init(_ phase: ReportRequestStatus.Phase) {
            self =
                switch phase {
                case .queued: .queued
                case .running: .running
                case .cancelling: .cancelling
                case .succeeded, .failed, .cancelled: .terminal
                }
        }

        /// Nil for a phase that isn't an end.
        init?(endOf phase: StageStatus.Phase) {
            switch phase {
            case .pending, .running: return nil
            case .succeeded, .failed: self = .stageEnd
            case .cancelled, .skipped: self = .stageStopped
            }
        }

        fileprivate var era: Int64 {
            switch self {
            case .queued: 0
            case .running: 1
            case .stageStart, .stageEnd, .cancelling, .stageStopped, .deletedBeforeEnd: 2
            case .terminal, .deletedAfterEnd: 3
            }
        }

        fileprivate var group: Int64 {
            switch self {
            case .queued, .running, .terminal, .stageStart, .stageEnd, .deletedBeforeEnd: 0
            case .cancelling, .deletedAfterEnd: 1
            case .stageStopped: 2
            }
        }
    }

    /// From the top: 12 bits of attempt, 2 of era, 34 of seconds, 2 of group, 10 of stage, 1 of start or end.
    static func number(attempt: Int, place: Place, at: Timestamp, stage: Int?) -> Int64 {
        bounded(Int64(attempt), 12) << 49
            | place.era << 47
            | bounded(at.seconds, 34) << 13
            | place.group << 11
            | bounded(Int64(stage ?? 1023), 10) << 1
            | (place == .stageStart ? 0 : 1)
    }

    private static func bounded(_ value: Int64, _ bits: Int64) -> Int64 { min(max(value, 0), (1 << bits) - 1) }
}
