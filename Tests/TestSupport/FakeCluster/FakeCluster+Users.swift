import KubernetesModel
package import ReportAPI

/// What people do.
extension FakeCluster {
    package mutating func submit(_ request: ReportRequest) {
        var request = request
        request.metadata.creationTimestamp = request.metadata.creationTimestamp ?? now
        request.metadata.resourceVersion = nextResourceVersion()
        world.requests[request.metadata.uid] = ReportRequestSnapshot(request: request)
        remember()
    }

    package mutating func edit(_ uid: String, _ change: (inout ReportRequestSpec) -> Void) {
        guard let request = request(uid) else { return }
        var edited = request.spec(change)
        edited.metadata.resourceVersion = nextResourceVersion()
        world.requests[uid]?.request = edited
        remember()
    }

    /// `kubectl delete`: the request stays until its finalizer goes, for which the record's controller cares.
    package mutating func delete(_ uid: String) {
        guard var request = request(uid), !request.metadata.isDeleting else { return }
        request.metadata.deletionTimestamp = now
        request.metadata.resourceVersion = nextResourceVersion()
        world.requests[uid]?.request = request
        remember()
    }

    /// A deletion without any finalizer: the request is gone at once, what it owned a little later.
    package mutating func vanish(_ uid: String) {
        world.requests[uid] = nil
        for (name, job) in world.jobs where job.owner == uid { world.jobs[name]?.job.metadata.deletionTimestamp = now }
        remember()
    }

    /// Someone else deletes the Jobs that go on, and they take their pods along.
    package mutating func loseJobs() {
        for (name, job) in world.jobs where !job.job.isFinished && !job.job.metadata.isDeleting {
            world.jobs[name]?.job.metadata.deletionTimestamp = now
        }
        remember()
    }
}
