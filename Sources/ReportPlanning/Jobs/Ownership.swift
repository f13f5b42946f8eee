package import KubernetesModel
package import ReportAPI

/// An object's owner reference and its namespace say whose it is. Labels only select what is watched: anyone who may
/// create a pod anywhere can give it any label.
extension Job {
    /// The uid of the request that controls it.
    package var requestUID: String? { metadata.controller(of: ReportRequest.resourceKind)?.uid }
}

extension ReportRequest {
    /// Whether the pod's controller is a Job that this request has had.
    package func owns(_ pod: Pod) -> Bool {
        guard pod.metadata.namespace == metadata.namespace, let owner = pod.metadata.controller(of: Job.resourceKind)
        else { return false }
        let earlier = (status?.previousAttempts ?? []).flatMap { $0.stages ?? [] }
        if let stage = ((status?.stages ?? []) + earlier).first(where: { $0.job == owner.name }) {
            return stage.jobUID == nil || stage.jobUID == owner.uid
        }
        // Made so lately that the status doesn't tell of it.
        guard let (stage, attempt) = pod.stageAndAttempt else { return false }
        return owner.name == ObjectNames.job(of: metadata, stage: stage, attempt: attempt)
    }
}

extension Pod {
    /// What its labels say of whose it is within a run: to be believed only of a pod that the run owns.
    package var stageAndAttempt: (stage: String, attempt: Int)? {
        guard let stage = metadata.labels[ReportsAPI.Label.stage],
            let attempt = metadata.labels[ReportsAPI.Label.attempt].flatMap({ Int($0) })
        else { return nil }
        return (stage, attempt)
    }

    /// The uid of a request that is gone, and its Job too, of which this pod is left.
    ///
    /// Nothing is left to prove it but the name of its Job, which follows from that uid. Making such a
    /// pod by hand gains little: the garbage collector deletes a pod whose controller doesn't exist.
    package var requestUIDOfRemnant: String? {
        guard let owner = metadata.controller(of: Job.resourceKind), let (stage, attempt) = stageAndAttempt,
            let uid = metadata.labels[ReportsAPI.Label.requestUID],
            owner.name.hasSuffix("-\(ObjectNames.jobFingerprint(uid: uid, stage: stage, attempt: attempt))")
        else { return nil }
        return uid
    }
}
