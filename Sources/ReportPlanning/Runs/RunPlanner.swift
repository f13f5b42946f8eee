package import KubernetesModel

/// Decides what to do next for one request. Every rule of what a run means is behind this one function.
///
/// Pure: the same observation at the same time gives the same plan, and once a plan has been carried out and
/// observed, the next one is empty.
///
/// For example, a pipeline of two stages, `a` and `b`, and a request for it, with MongoDB. What is observed, and what is
/// planned for it, pass by pass:
///
/// | observed | rule that answers | actions | status written |
/// | --- | --- | --- | --- |
/// | a new request | `keepFinalizers` | set the record's finalizer | – |
/// | the same, with it | `waitForTurn` | – | Running, accepted |
/// | the same, with a free place | `carryOn` | create Job `a` | stage `a` Running |
/// | the pod of Job `a` has succeeded, or the Job is Complete | `carryOn` | create Job `b` | `a` Succeeded, `b` Running |
/// | Job `b` has failed | `carryOn` | confirm that nothing runs | Failed: `b failed: exit code 3` |
/// | nothing else | `keepTerminalRun` | – | – |
/// | `spec.attempt: 2` | `resumeWithNewAttempt`, then the rules below it | – | Running, attempt 2, `a` Succeeded still |
///
/// A crash anywhere repeats the last row that wasn't stored: Jobs have names that follow from request, stage and attempt, so
/// what was made already is found. A Job is made at most once for a stage of an attempt: its uid is remembered as soon as the
/// API server tells it, and one that is gone counts as lost. It is made again in one case only: the operator dies between
/// the creation and the write of the status that tells of it, and in that gap somebody deletes the Job.
package enum RunPlanner {
    /// A rule either answers or leaves the case to the next one.
    typealias Rule = @Sendable (inout RunDraft) -> Answer

    enum Answer {
        case done
        case next
    }

    /// Read from the top: the first rule that answers has decided.
    private static let rules: [Rule] = [
        // What was restored from a backup has another uid: it is not run again by itself, and brings nothing to keep.
        leaveRestored,
        // Nothing happens to a request before it is kept from going unrecorded, or with the shared lock in hand.
        keepFinalizers,
        // What is over stays as it is, until its time to live has passed.
        keepTerminalRun,
        // A raised attempt makes a run that is over a queued one again; the rules below go on with it.
        resumeWithNewAttempt,
        // What was agreed has been taken away: there is nothing to go by.
        endBroken,
        // A cancelled or deleted request stops, whatever point it has reached.
        stopWhatIsCancelled,
        // A run whose status the API server refuses is ended by one that says no more than it must.
        endUnwritable,
        // A pipeline of the request's own is run only where that is allowed.
        checkInlinePipeline,
        // Pipeline and parameters are checked once, all faults are named, and what was agreed is pinned.
        acceptOrRefuse,
        // At most `limit` runs of a concurrency key at once; what waits says so.
        waitForTurn,
        // Stages are read; then the next ones start, or the run ends, or what still runs is stopped.
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
