import KubernetesClient
import ReportPlanning

/// The decision rested on something that has changed: look again.
struct Stale: Error, CustomStringConvertible {
    let what: String

    var description: String { what }
}

/// Something could not be created, and the planner knows it from now on.
struct CreationFailed: Error, CustomStringConvertible {
    let name: String
    let setback: ObservedRun.Setback
    /// Whether the planner hasn't decided on it yet.
    let isNew: Bool

    var description: String {
        switch setback {
        case .refused(let message): "\(name) was refused: \(message)"
        case .postponed(let message): "\(name) can't be created yet: \(message)"
        }
    }
}

extension KubernetesError {
    enum CreationVerdict {
        /// The object itself is at fault.
        case refused
        /// Somebody has to do something, or time has to pass: permissions, quotas, webhooks, a namespace that goes.
        case postponed
        /// Nobody knows whether the server has even read it.
        case unknown
    }

    /// What a failed creation means for the stage that needed it.
    var creationVerdict: CreationVerdict {
        if isInvalid { return .refused }
        switch code {
        case 400?, 405?, 413?, 415?: return .refused
        case 403?, 404?, 500?: return .postponed
        default: return .unknown
        }
    }
}
