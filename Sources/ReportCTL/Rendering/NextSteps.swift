import KubernetesModel
import ReportAPI

/// What somebody who has seen a request may want to type next: a function of the request.
enum NextSteps {
    /// `command`: makes of words what to type.
    static func lines(_ request: ReportRequest, command: (String...) -> String) -> [String] {
        let name = request.metadata.name
        // It isn't run again, however it ended, and is gone soon.
        let isGoing = request.metadata.isDeleting
        let again = isGoing ? [] : ["again: \(command("retry", name))"]
        let record = isGoing ? ["once it is gone: \(command("history", request.metadata.uid))"] : []
        switch request.status?.phase {
        case .failed: return ["logs:  \(command("logs", name))"] + again + record
        case .cancelled: return again + record
        case .running, .cancelling: return ["watch: \(command("watch", name))"] + record
        case .queued: return isGoing ? record : ["who goes first: \(command("queue"))"]
        case .succeeded: return ["rows: \(command("result", name))"] + record
        case nil: return ["is there an operator at work? \(command("doctor"))"]
        }
    }
}
