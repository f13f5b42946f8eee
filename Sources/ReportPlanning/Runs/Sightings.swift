package import KubernetesModel

/// What a wait may count from: that a Job or pod is there, and that it has ended.
package enum Sightings {
    /// The names under which `ObservedRun.seen` keeps their times.
    package static func names(of jobs: [Job], _ pods: [Pod]) -> [String] {
        jobs.flatMap { $0.isFinished ? [$0.metadata.uid, $0.metadata.seenEnding] : [$0.metadata.uid] }
            + pods.flatMap { pod in
                PodDiagnosis.outlived(pod) == nil ? [pod.metadata.uid] : [pod.metadata.uid, pod.metadata.seenEnding]
            }
    }
}

extension ObjectMeta {
    /// The name of the sighting of its end.
    var seenEnding: String { "\(uid)/ended" }
}

extension RunDraft {
    /// From when on an object is waited for.
    func since(_ object: ObjectMeta) -> Timestamp? { observed.seen[object.uid] ?? object.creationTimestamp }
}
