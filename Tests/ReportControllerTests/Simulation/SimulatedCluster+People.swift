import KubernetesModel
import ReportAPI
import TestSupport

/// What people do.
extension SimulatedCluster {
    func submit(_ request: ReportRequest) {
        var request = request
        request.metadata.creationTimestamp = request.metadata.creationTimestamp ?? now
        try? server.insert(request)
    }

    func edit(_ uid: String, _ spec: JSONObject) {
        guard let request = request(uid) else { return }
        try? server.patch(ReportRequest.self, request.key, .object(["spec": .object(spec)]))
    }

    /// `kubectl delete`: the request stays until its finalizers go.
    func delete(_ uid: String) {
        if let request = request(uid) { try? server.delete(ReportRequest.self, request.key) }
    }

    /// A deletion without any finalizer: the request is gone at once, what it owned a little later.
    func vanish(_ uid: String) {
        guard let request = request(uid) else { return }
        server.update { $0.erase(ReportRequest.resourceKind.qualifiedName, request.key) }
    }

    func loseDeliveries() {
        for delivery in server.all(ReportDelivery.self) { try? server.delete(ReportDelivery.self, delivery.key) }
    }

    /// Someone else deletes the Jobs that go on, and they take their pods along.
    func loseJobs() {
        for job in server.all(Job.self) where !job.isFinished && !job.metadata.isDeleting {
            try? server.delete(Job.self, job.key, propagation: "Foreground")
        }
    }
}
