package import KubernetesModel

/// Decides what to do next for one request. Every rule of what a run means stands behind this one function.
///
/// Pure: the same observation at the same time gives the same plan, and once a plan has been carried out and
/// observed, the next one is empty.
package enum RunPlanner {
    /// A rule either answers or leaves the case to the next one.
    typealias Rule = @Sendable (inout RunDraft) -> Answer

    enum Answer {
        case done
        case next
    }

    /// Read from the top: the first rule that answers has decided.
    private static let rules: [Rule] = [
        keepFinalizers,
        keepTerminalRun,
        resumeWithNewAttempt,
        stopWhatIsCancelled,
        acceptOrRefuse,
        waitForTurn,
        carryOn,
    ]

    package static func plan(_ observed: ObservedRun, now: Timestamp) -> RunPlan {
        var draft = RunDraft(observed, now: now)
        for rule in rules {
            if case .done = rule(&draft) { break }
        }
        return draft.plan()
    }
}
