package import KubernetesModel

/// Decides what to do next for one schedule. Every rule of what a schedule means stands behind this one function.
///
/// Pure, as `RunPlanner`: once a plan has been carried out and observed, the next one is empty.
package enum SchedulePlanner {
    /// Each rule adds what it wants done.
    typealias Rule = @Sendable (inout ScheduleDraft) -> Void

    /// In the order in which things are to be done.
    private static let rules: [Rule] = [
        serveTicks,
        keepWhatWasMade,
        cancelWhatIsReplaced,
        deleteTicksThatAreDone,
        skipHolidays,
        keepCronJob,
        keepHistory,
        describe,
    ]

    package static func plan(_ observed: ObservedSchedule, now: Timestamp) -> SchedulePlan {
        var draft = ScheduleDraft(observed, now: now)
        for rule in rules { rule(&draft) }
        return draft.plan
    }
}
