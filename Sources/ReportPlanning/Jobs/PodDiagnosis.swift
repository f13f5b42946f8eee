import KubernetesModel
import ReportAPI

/// What a stage's pods tell about why it doesn't start, or why it failed.
struct PodDiagnosis: Hashable {
    var reason: String
    var message: String
    var exitCode: Int?
    var finishedAt: Timestamp?
    /// Whether a pod said so, or only the Job.
    var isFromPod: Bool

    /// Seconds that a failed Job's pod is waited for.
    static let grace: Int64 = 3
    /// Seconds that a pod may take to start before its status says why it doesn't.
    static let patience: Int64 = 10
    /// Characters of a termination message that a status keeps: its end, which is where errors stand.
    private static let messageLimit = 1024

    /// Why a pod can't start, while it waits; nil where it has started or only takes its time.
    static func waiting(_ pod: Pod) -> (reason: String, message: String, since: Timestamp)? {
        guard !pod.hasEnded, !pod.metadata.isDeleting, let since = pod.metadata.creationTimestamp else { return nil }
        let containers = (pod.status?.initContainerStatuses ?? []) + (pod.status?.containerStatuses ?? [])
        let scheduled = pod.status?.conditions?.first { $0.type == "PodScheduled" }
        if let scheduled, scheduled.status == "False" {
            let reason = scheduled.reason.isEmpty ? "Unschedulable" : scheduled.reason
            if reason == "SchedulingGated" {
                return (
                    reason,
                    "SchedulingGated: pod \(pod.metadata.name) is held back by a gate until its owner opens it; see "
                        + "spec.schedulingGates", since
                )
            }
            return (reason, "\(reason): \(tail(scheduled.message))", since)
        }
        // The default scheduler says within seconds what it thinks of a pod: nobody has looked at this one.
        if scheduled == nil, pod.status?.phase == "Pending", containers.isEmpty {
            return (
                Reason.notScheduled,
                "\(Reason.notScheduled): no scheduler has taken up pod \(pod.metadata.name); check that the scheduler "
                    + "which its spec.schedulerName names is installed and runs", since
            )
        }
        for container in containers {
            guard let waiting = container.state?.waiting, let reason = waiting.reason,
                reason != "ContainerCreating", reason != "PodInitializing"
            else { continue }
            if reason == "ErrImagePull" || reason == "ImagePullBackOff" {
                let image = container.image ?? "its image"
                return (
                    "ImagePullBackOff",
                    "ImagePullBackOff: \(image) can't be pulled; check its name and the pull secret", since
                )
            }
            let detail = waiting.message.map { ": " + tail($0) } ?? ""
            return (reason, reason + detail, since)
        }
        return nil
    }

    /// A pod that has been placed on a node and whose containers don't come to be made: its events may say why.
    static func isBeingPrepared(_ pod: Pod) -> Bool {
        let containers = (pod.status?.initContainerStatuses ?? []) + (pod.status?.containerStatuses ?? [])
        return pod.status?.phase == "Pending" && !pod.metadata.isDeleting
            && containers.allSatisfy { $0.state?.waiting != nil }
            && containers.contains { ["ContainerCreating", "PodInitializing"].contains($0.state?.waiting?.reason) }
    }

    /// What became of a pod that somebody else is taking away; nil where nobody is.
    static func removal(_ pod: Pod) -> (reason: String, message: String)? {
        let target = pod.status?.conditions?.first { $0.type == "DisruptionTarget" && $0.isTrue }
        if let target {
            let reason = target.reason.isEmpty ? "DisruptionTarget" : target.reason
            return (reason, "\(reason): pod \(pod.metadata.name) was taken away: \(tail(target.message))")
        }
        guard pod.metadata.isDeleting else { return nil }
        return (
            Reason.podDeleted,
            "\(Reason.podDeleted): pod \(pod.metadata.name) was deleted by somebody else while it ran, by hand or with "
                + "its node"
        )
    }

    /// How the stage's own program ended in a pod that goes on only because of other containers; nil where it runs
    /// still, or where the pod ends by itself.
    static func outlived(_ pod: Pod) -> (own: PodDiagnosis, others: [String])? {
        guard !pod.hasEnded, !pod.metadata.isDeleting, let containers = pod.status?.containerStatuses,
            let own = containers.first(where: { $0.name == StageJob.containerName }), let state = own.state?.terminated
        else { return nil }
        let others = containers.filter { $0.state?.terminated == nil }.map(\.name)
        return others.isEmpty ? nil : (diagnosis(of: state, in: own.name), others)
    }

    /// Why a stage failed: the last pod that failed says it best, its Job's condition else.
    static func failure(of job: Job, pods: [Pod], stage: StageSpec) -> PodDiagnosis {
        let condition = job.finalCondition
        if condition?.reason == "DeadlineExceeded" {
            let limit = stage.timeout.map { "its timeout of \($0)" } ?? "its deadline"
            return PodDiagnosis(
                reason: "DeadlineExceeded", message: "DeadlineExceeded: it ran longer than \(limit)",
                isFromPod: false)
        }
        let failed = pods.filter { terminated($0) != nil || ($0.status?.phase == "Failed" && $0.status?.reason != nil) }
        // One pod at a time: the last one made is the last one that ended.
        if let last = failed.max(by: { order($0) < order($1) }) { return diagnosis(of: last) }
        if let last = pods.filter({ $0.metadata.isDeleting }).max(by: { order($0) < order($1) }),
            let removal = removal(last)
        {
            return PodDiagnosis(reason: removal.reason, message: removal.message, isFromPod: true)
        }
        let reason = condition?.reason ?? ""
        if reason == "BackoffLimitExceeded", pods.isEmpty {
            return PodDiagnosis(
                reason: reason,
                message: "BackoffLimitExceeded: its pod is gone, and with it how it ended: it was deleted, evicted, or "
                    + "collected with its node", isFromPod: false)
        }
        return PodDiagnosis(
            reason: reason.isEmpty ? Reason.stageFailed : reason,
            message: condition.map { "\($0.reason): \($0.message)" } ?? "its Job failed", isFromPod: false)
    }

    private static func order(_ pod: Pod) -> (Timestamp, Timestamp) {
        let never = Timestamp(seconds: 0)
        return (pod.metadata.creationTimestamp ?? never, terminated(pod)?.state?.finishedAt ?? never)
    }

    private static func diagnosis(of pod: Pod) -> PodDiagnosis {
        let (container, state) = terminated(pod) ?? ("", nil)
        // By a signal, that is: a program that had failed before may be cleared away by anybody.
        if let removal = removal(pod),
            removal.reason != Reason.podDeleted || [137, 143].contains(state?.exitCode ?? 137)
        {
            let code = state.map { " (exit code \($0.exitCode))" } ?? ""
            return PodDiagnosis(
                reason: removal.reason, message: removal.message + code, exitCode: state?.exitCode,
                finishedAt: state?.finishedAt, isFromPod: true)
        }
        // The kubelet's reason for the whole pod, such as Evicted, explains its containers' exit codes.
        if let reason = pod.status?.reason, pod.status?.phase == "Failed" {
            let code = state.map { " (exit code \($0.exitCode))" } ?? ""
            return PodDiagnosis(
                reason: reason,
                message: "\(reason): \(tail(pod.status?.message ?? "no more is known"))\(code)",
                exitCode: state?.exitCode,
                finishedAt: state?.finishedAt,
                isFromPod: true)
        }
        return state.map { diagnosis(of: $0, in: container) }
            ?? PodDiagnosis(reason: Reason.stageFailed, message: "its pod failed", isFromPod: true)
    }

    private static func diagnosis(
        of state: Pod.ContainerStatus.Terminated, in container: String
    ) -> PodDiagnosis {
        let isPlain = state.reason == nil || state.reason == "Error" || state.reason == "Completed"
        let said = state.message.map(tail) ?? ""
        var message = "exit code \(state.exitCode)"
        if let reason = state.reason, !isPlain { message = "\(reason) (\(message))" }
        if state.reason == "OOMKilled" { message += "; raise the stage's resources.limits.memory" }
        if !said.isEmpty { message += ": \(said)" }
        if container != StageJob.containerName { message = "container \(container): \(message)" }
        return PodDiagnosis(
            reason: isPlain ? Reason.exitCode : state.reason ?? Reason.exitCode,
            message: message,
            exitCode: state.exitCode,
            finishedAt: state.finishedAt,
            isFromPod: true)
    }

    /// How the container that counts ended: the stage's own, or whichever failed.
    private static func terminated(_ pod: Pod) -> (container: String, state: Pod.ContainerStatus.Terminated?)? {
        let containers = (pod.status?.initContainerStatuses ?? []) + (pod.status?.containerStatuses ?? [])
        let ended = containers.filter { $0.state?.terminated != nil }
        let failed = ended.filter { $0.state?.terminated?.exitCode != 0 }
        let own = failed.first { $0.name == StageJob.containerName }
        return (own ?? failed.first).map { ($0.name, $0.state?.terminated) }
    }

    private static func tail(_ text: String) -> String {
        var text = text
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text.count > messageLimit ? "…" + text.suffix(messageLimit) : text
    }
}
