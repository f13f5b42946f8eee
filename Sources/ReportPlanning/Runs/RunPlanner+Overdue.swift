import KubernetesModel
import ReportAPI

/// What a run that is being stopped waits for, and what keeps it from stopping.
extension RunPlanner {
    /// Names the pod or the Job that should have gone, and what to do; before that, only that what runs is being stopped.
    ///
    /// The texts name no lengths of time, so that a status that says one of them isn't written again while nothing changes.
    static func whatStops(_ run: AcceptedRun, _ draft: inout RunDraft) -> String {
        let pods = draft.observed.pods.filter { !$0.hasEnded }.sorted { $0.metadata.name < $1.metadata.name }
        // One that is finished by its deletion is waited for until it is gone.
        let running = Set((draft.status.stages ?? []).filter { $0.phase == .running }.compactMap(\.job))
        let jobs = draft.observed.jobs.filter { job in
            guard !job.isFinished else { return job.metadata.isDeleting && running.contains(job.metadata.name) }
            return !job.isSpent(by: draft.observed.pods)
        }
        .sorted { $0.metadata.name < $1.metadata.name }
        // A pod's deletion timestamp is the end of its grace.
        let overdue = pods.filter { isOver($0.metadata.deletionTimestamp, stopPatience, &draft) }
        if let pod = overdue.first { return stillExists(pod, besides: overdue.count - 1) }
        // A Job's is the moment when somebody asked for its deletion; its pods are asked a moment later.
        let untold = pods.filter { $0.metadata.deletionTimestamp == nil }
        for job in jobs where untold.contains(where: { $0.isControlled(by: job) }) {
            guard isOver(job.metadata.deletionTimestamp, stopPatience, &draft) else { continue }
            return "job \(job.metadata.name) was deleted at \(time(of: job)), and its pod hasn't been told to stop: "
                + "see whether kube-controller-manager runs, which passes that on"
        }
        // What the garbage collector takes with its Job.
        let orphan = untold.first { pod in !draft.observed.jobs.contains { pod.isControlled(by: $0) } }
        if let orphan, draft.status.phase == .cancelling,
            isOver(draft.status.transitions?.last?.at, stopPatience + removalPatience, &draft)
        {
            return "pod \(orphan.metadata.name) goes on, though its Job is gone: see whether kube-controller-manager "
                + "runs, which removes it"
        }
        guard pods.isEmpty else { return stopping }
        for job in jobs {
            // When its pod went isn't known: with its grace at the latest, where a kubelet runs.
            let patience = stopPatience + grace(of: job, run) + removalPatience
            guard isOver(job.metadata.deletionTimestamp, patience, &draft) else { continue }
            return "job \(job.metadata.name) was deleted at \(time(of: job)), and still exists\(held(job.metadata)): "
                + "see whether kube-controller-manager runs, which removes it"
        }
        return stopping
    }

    private static let stopping = "what still runs is being stopped"
    /// Seconds that something may take longer than it should.
    static let stopPatience: Int64 = 30
    /// Seconds in which a Job without a pod should be gone.
    static let removalPatience: Int64 = 120

    private static func stillExists(_ pod: Pod, besides others: Int) -> String {
        let (name, namespace) = (pod.metadata.name, pod.metadata.namespace)
        let due = pod.metadata.deletionTimestamp.map { " by \($0)" } ?? ""
        let more = others > 0 ? " (and \(others) more)" : ""
        guard let node = pod.spec?.nodeName else {
            // With no node it would go at once, but for its finalizers, or where an API server ended in between.
            let remedy =
                pod.metadata.finalizers.isEmpty
                ? "remove it (kubectl delete pod \(name) -n \(namespace))"
                : "see whether kube-controller-manager runs, or whoever else set them"
            return "pod \(name) should have gone\(due), and still exists\(more)\(held(pod.metadata)): \(remedy)"
        }
        let force = "kubectl delete pod \(name) -n \(namespace) --force --grace-period=0"
        let place = "pod \(name) on node \(node)"
        return "\(place) should have stopped\(due), and still exists\(more)\(held(pod.metadata)): see whether the node "
            + "is Ready (kubectl get node \(node)) and what the pod says (kubectl describe pod \(name) -n "
            + "\(namespace)); only where the node is lost or switched off, remove it (\(force)), since another run begins "
            + "then"
    }

    /// What keeps something from being removed. Anybody who may write it chooses these words.
    private static func held(_ metadata: ObjectMeta) -> String {
        let finalizers = metadata.finalizers.filter { $0 != "foregroundDeletion" }
        guard !finalizers.isEmpty else { return "" }
        let more = finalizers.count > 3 ? " and \(finalizers.count - 3) more" : ""
        return " (it has the finalizers \(finalizers.prefix(3).joined(separator: ", ").head(bytes: 256))\(more))"
    }

    private static func time(of job: Job) -> String { job.metadata.deletionTimestamp?.description ?? "" }

    /// Seconds that a pod of the Job has to end.
    private static func grace(of job: Job, _ run: AcceptedRun) -> Int64 {
        let stage = run.pipeline.stages.first { $0.name == job.metadata.labels[ReportsAPI.Label.stage] }
        guard case .integer(let seconds) = stage?.podTemplate?["spec"]?["terminationGracePeriodSeconds"] else {
            return 30
        }
        // Whatever number the pipeline has, the sum stays a sensible time.
        return min(max(seconds, 0), 86_400)
    }

    /// Whether that time was at least `patience` seconds ago; otherwise looks again when it is.
    private static func isOver(_ time: Timestamp?, _ patience: Int64, _ draft: inout RunDraft) -> Bool {
        guard let due = time?.adding(patience) else { return false }
        if due > draft.now { draft.wake(at: due) }
        return due <= draft.now
    }
}

extension Pod {
    fileprivate func isControlled(by job: Job) -> Bool {
        metadata.controller(of: Job.resourceKind)?.uid == job.metadata.uid
    }
}
