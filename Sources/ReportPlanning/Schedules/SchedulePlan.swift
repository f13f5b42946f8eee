package import KubernetesModel
package import ReportAPI

/// What to do next for one schedule: the actions in order, up to the first that fails, then the status, then what failed
/// before and is tried again, so that it keeps nothing else from being done and told.
package struct SchedulePlan: Hashable, Sendable {
    package var actions: [ScheduleAction] = []
    /// The status to write; nil when it is up to date.
    package var status: ReportScheduleStatus?
    package var retries: [ScheduleAction] = []
    /// When to look again though nothing has changed.
    package var wakeAt: Timestamp?

    package init() {}

    package var isEmpty: Bool { actions.isEmpty && status == nil && retries.isEmpty }
}

/// One effect on the cluster. Each may be repeated without harm; all are in the schedule's namespace.
package enum ScheduleAction: Hashable, Sendable {
    case createCronJob(name: String, manifest: JSONValue)
    /// Lays a merge patch over the version that was observed.
    case updateCronJob(name: String, patch: JSONValue)
    /// Makes the request of a tick, once the API server itself has said that the tick is there and says of none yet. Under
    /// its other name where something else has its name, and not at all where it is there under either.
    case createRequest(tick: Tick, TickRequest)
    /// Writes on that very tick which request was made for it.
    case markTick(name: String, uid: String, Tick.Served)
    /// Replaces a request's finalizers, on the version that was observed.
    case setFinalizers(request: String, resourceVersion: String, [String])
    /// Asks the API server itself; fails where the tick is there after all.
    case confirmTickIsGone(uid: String)
    /// Asks the API server itself; fails where the request is there after all.
    case confirmRequestIsGone(name: String, uid: String)
    /// Asks the API server itself, in this order: the tick is gone, or is going; its CronJob is there and stays; so does the
    /// schedule. What goes with its owner goes after it, so nobody but a person, or `Replace`, has deleted that tick.
    case confirmTickWasDeletedAlone(uid: String, cronJob: String, cronJobUID: String)
    /// Cancels the request, and marks it as replaced, on the version that was observed.
    case cancelRequest(name: String, resourceVersion: String)
    /// Asks the API server itself; fails where a request of one of these names was made for the tick.
    case confirmTickIsUnserved(Tick, names: [String])
    /// Deletes that very tick.
    case deleteTick(name: String, uid: String)
    /// Deletes a finished request: uid and resourceVersion preconditions.
    case deleteRequest(name: String, uid: String, resourceVersion: String)
}
