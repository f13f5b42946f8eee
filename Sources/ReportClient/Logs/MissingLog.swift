public import ReportAPI

/// Why there is no log to be read: a function of what the request says.
public enum MissingLog: Equatable {
    /// There was one.
    case deleted
    /// There won't be one.
    case neverStarted
    case notYet

    /// `stage`: nil for all of them.
    public init(_ request: ReportRequest, stage: String?) {
        let status = request.status
        let isOver = status?.isTerminal == true
        let chosen = status?.stages?.filter { stage == nil || $0.name == stage } ?? []
        if chosen.contains(where: { $0.startedAt != nil && (isOver || $0.completedAt != nil) }) {
            self = .deleted
        } else if isOver || (!chosen.isEmpty && chosen.allSatisfy { [.skipped, .cancelled].contains($0.phase) }) {
            self = .neverStarted
        } else {
            self = .notYet
        }
    }
}
