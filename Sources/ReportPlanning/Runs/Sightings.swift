package import KubernetesModel
package import ReportAPI

/// What a wait of a run may count from, and what is known of its Jobs when they are gone: the names under which
/// `ObservedRun.seen` keeps times.
package struct Sightings: Hashable, Sendable {
    /// That a Job or pod is there, and that it has ended: the first time that it is seen counts, by the operator's clock.
    package var present: [String]
    /// That a Job was told to stop: when it was, by Kubernetes' clock.
    package var stopped: [String: Timestamp]
    /// What is remembered though it isn't there any more: when the Jobs of stages that run were told to stop.
    package var remembered: [String]

    package init(present: [String] = [], stopped: [String: Timestamp] = [:], remembered: [String] = []) {
        self.present = present
        self.stopped = stopped
        self.remembered = remembered
    }

    package init(of jobs: [Job], _ pods: [Pod], _ status: ReportRequestStatus?) {
        present =
            jobs.flatMap { $0.isFinished ? [$0.metadata.uid, $0.metadata.seenEnding] : [$0.metadata.uid] }
            + pods.flatMap { pod in
                PodDiagnosis.outlived(pod) == nil ? [pod.metadata.uid] : [pod.metadata.uid, pod.metadata.seenEnding]
            }
        stopped = Dictionary(
            jobs.compactMap { job in job.metadata.deletionTimestamp.map { (Self.stop(ofJob: job.metadata.uid), $0) } }
        ) { first, _ in first }
        remembered = (status?.stages ?? []).compactMap { stage in
            stage.phase == .running ? stage.jobUID.map(Self.stop(ofJob:)) : nil
        }
    }

    static func stop(ofJob uid: String) -> String { "\(uid)/stopped" }
}

extension ObjectMeta {
    /// The name of the sighting of its end.
    var seenEnding: String { "\(uid)/ended" }
}

extension RunDraft {
    /// From when on an object is waited for.
    func since(_ object: ObjectMeta) -> Timestamp? { observed.seen[object.uid] ?? object.creationTimestamp }

    /// When a stage ended whose Job tells no end: when that was told to stop, by Kubernetes' clock, which it was started by too. Of
    /// one that nobody saw, when the operator misses it, by its own.
    func end(of stage: StageStatus) -> Timestamp {
        let told = observed.jobs.first { $0.metadata.uid == stage.jobUID }?.metadata.deletionTimestamp
        let end = told ?? stage.jobUID.flatMap { observed.seen[Sightings.stop(ofJob: $0)] } ?? now
        return max(end, stage.startedAt ?? end)
    }
}
