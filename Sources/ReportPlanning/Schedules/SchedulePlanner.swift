package import KubernetesModel

/// Decides what to do next for one schedule. This one function holds every rule of what a schedule means.
///
/// Pure, as `RunPlanner`: once a plan has been carried out and observed, the next one is empty.
///
/// A tick is a Job that Kubernetes' CronJob makes at each of the schedule's times; it never runs, and becomes a request. For
/// example, a schedule for the first of each month, which keeps three reports that succeeded. What is observed, and what is
/// planned for it, pass by pass:
///
/// | observed | rule | actions | status written |
/// | --- | --- | --- | --- |
/// | a new schedule | `keepCronJob` | create the CronJob | Ready |
/// | a tick, for 1 November | `serveTicks` | create its request, with a finalizer | active: that request |
/// | the request | `keepWhatWasMade` | the tick says which it is; then the finalizer goes | – |
/// | the request has Succeeded | `deleteTicksThatAreDone`, once the status tells of it | delete the tick | last success |
/// | four that succeeded | `keepHistory` | delete the oldest request | – |
/// | the tick was deleted while its request runs (`Replace`) | `cancelWhatIsReplaced` | cancel the request | – |
/// | a tick on a holiday, with `skipOn: holidays` | `skipHolidays`, once the status tells of it | delete the tick | last skipped |
///
/// A crash anywhere repeats the last row that wasn't stored: a request has a name that follows from its tick, and is never made of
/// a tick that says it was.
package enum SchedulePlanner {
    /// Each rule adds what it wants done.
    typealias Rule = @Sendable (inout ScheduleDraft) -> Void

    /// In the order in which things are to be done.
    private static let rules: [Rule] = [
        // Each tick becomes a request, the oldest first, as soon as the schedule's template can be filled in for its time.
        serveTicks,
        // The tick remembers its request before anybody may delete that, so that it never becomes a second one.
        keepWhatWasMade,
        // Kubernetes deletes the tick of what it replaces: its request is cancelled.
        cancelWhatIsReplaced,
        // A tick stays as long as its request runs: by it the CronJob's concurrency policy counts.
        deleteTicksThatAreDone,
        // A holiday's tick, of which `serveTicks` makes nothing, goes when the status tells that it was skipped.
        skipHolidays,
        // The CronJob is as the schedule says, and doesn't tick where that can't be carried out.
        keepCronJob,
        // Of requests that are over no more are kept than the schedule says.
        keepHistory,
        // The status comes last: it shows all that was found above.
        describe,
    ]

    package static func plan(_ observed: ObservedSchedule, now: Timestamp) -> SchedulePlan {
        var draft = ScheduleDraft(observed, now: now)
        for rule in rules { rule(&draft) }
        return draft.plan
    }
}
