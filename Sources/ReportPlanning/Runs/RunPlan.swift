package import KubernetesModel
package import ReportAPI

/// What to do next for one request: the actions in order, up to the first that fails, then the status.
package struct RunPlan: Hashable, Sendable {
    package var actions: [RunAction] = []
    /// The status to write; nil when it is up to date.
    package var status: ReportRequestStatus?
    /// When to look again though nothing has changed.
    package var wakeAt: Timestamp?

    package init(actions: [RunAction] = [], status: ReportRequestStatus? = nil, wakeAt: Timestamp? = nil) {
        self.actions = actions
        self.status = status
        self.wakeAt = wakeAt
    }

    package var isEmpty: Bool { actions.isEmpty && status == nil }
}

/// One effect on the cluster. Each may be repeated without harm.
package enum RunAction: Hashable, Sendable {
    /// Replaces the request's finalizers, on the version that was observed. Such a plan holds nothing else.
    ///
    /// `marking`: has the request say too, in an annotation, that it is of its own uid.
    case setFinalizers([String], marking: Bool = false)
    /// Joins the line for the lock of the request's concurrency group. What comes of it is observed.
    case takeSharedLock(ConcurrencyGroup)
    /// Renews a hold that another instance of the operator had taken.
    case keepSharedLock(ConcurrencyGroup, fence: Int64)
    /// Gives the lock back, or leaves the line for it.
    case releaseSharedLock(ConcurrencyGroup)
    case createWorkspaceClaim(name: String, manifest: JSONValue)
    /// Deletes the claim of that name, if it is the request's.
    case deleteWorkspaceClaim(name: String)
    case createJob(name: String, manifest: JSONValue)
    /// Deletes that very Job, and waits for its pods: foreground propagation, uid precondition.
    case deleteJob(name: String, uid: String)
    /// Asks the API server itself, since what follows can't be taken back; fails where the Job is there after all.
    case confirmJobIsGone(name: String)
    /// Asks the API server itself for Jobs and pods of the request; fails where a Job isn't finished, since it may
    /// have a pod the next moment, or where a pod may still run.
    case confirmNothingRuns
    /// Reads the events of a Job or pod that doesn't come on, for what keeps it. What comes of it is observed.
    case readEvents(of: Event.Reference)
    /// Has it read how many rows were published. What comes of it is observed.
    case readPublished
    /// Makes a delivery. One that has its name already stays as it is. That it can't be made stops nothing else of the plan.
    case createDelivery(RunDelivery)
    /// Asks the API server itself; fails where the delivery is there after all.
    case confirmDeliveryIsGone(name: String)
    /// Deletes the request, which has outlived its time: uid and resourceVersion preconditions.
    case deleteRequest
}
