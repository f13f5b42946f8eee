import KubernetesModel
import ReportAPI

/// What somebody who has seen a request may want to type next: a function of the request.
enum NextSteps {
    /// `command`: makes of words what to type.
    static func lines(_ request: ReportRequest, command: (String...) -> String) -> [String] {
        let name = request.metadata.name
        let status = request.status ?? ReportRequestStatus()
        // It isn't run again, however it ended, and is gone soon.
        let isGoing = request.metadata.isDeleting
        let record = isGoing ? ["once it is gone: \(command("history", request.reportID))"] : []
        if status.isRestored {
            let history = "what became of it: \(command("history", request.reportID))"
            return [history] + (isGoing ? [] : ["run it again: \(command("retry", name))"])
        }
        switch status.phase {
        case .failed, .cancelled: return afterEnd(name, status, isGoing: isGoing, command: command) + record
        case .running, .cancelling: return ["watch: \(command("watch", name))"] + record
        case .queued: return isGoing ? record : ["queue order: \(command("queue"))"]
        case .succeeded: return ["rows: \(command("result", name))"] + record
        case nil: return ["is there an operator at work? \(command("doctor"))"]
        }
    }

    /// Of a run that Failed or was Cancelled: what helps, and nothing that can't.
    static func afterEnd(
        _ name: String, _ status: ReportRequestStatus, isGoing: Bool, command: (String...) -> String
    ) -> [String] {
        // Nothing has run before it is accepted, so there is no log; and what was asked for can't be changed.
        let isForbidden = status.reason == Reason.inlinePipelineForbidden
        if status.accepted == nil, status.reason == Reason.invalidSpec || isForbidden {
            return [
                "what can be asked for: \(command("pipelines"))",
                "then make a new request: \(command("submit", "PIPELINE", "-p", "NAME=VALUE"))",
            ] + (isForbidden && !isGoing ? ["or, once it is allowed: \(command("retry", name))"] : [])
        }
        let logs = status.phase == .failed && status.accepted != nil ? ["logs:  \(command("logs", name))"] : []
        return logs + (isGoing ? [] : ["again: \(command("retry", name))"])
    }
}
