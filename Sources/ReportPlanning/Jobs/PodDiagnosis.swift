package import KubernetesModel
import ReportAPI

/// What a stage's pods tell about why it doesn't start, or why it failed.
package struct PodDiagnosis: Hashable {
    var reason: String
    /// How it ended, such as `exit code 3`, and behind that what the program wrote last.
    var message: String { said.isEmpty ? ending : "\(ending): \(said)" }
    var ending: String
    /// What the program wrote last.
    var said = ""
    var exitCode: Int?
    var finishedAt: Timestamp?
    /// Whether a pod said so, or only the Job.
    var isFromPod: Bool

    /// Seconds that a failed Job's pod is waited for.
    static let grace: Int64 = 3
    /// Seconds that a pod may take to start before its status says why it doesn't.
    static let patience: Int64 = 10
    /// Bytes of a termination message that a status keeps: its end, which is where errors are.
    private static let messageLimit = 1024

    /// Why a pod can't start, while it waits; nil where it has started or only takes its time.
    static func waiting(_ pod: Pod) -> (reason: String, message: String)? {
        guard !pod.hasEnded, !pod.metadata.isDeleting else { return nil }
        if let held = pod.status?.conditions?.first(where: { $0.type == "PodScheduled" && $0.status == "False" }) {
            guard held.reason != "SchedulingGated" else {
                return (
                    held.reason,
                    "SchedulingGated: pod \(pod.metadata.name) is held back by a scheduling gate, which whatever set its "
                        + "spec.schedulingGates has to remove"
                )
            }
            let reason = held.reason.isEmpty ? "Unschedulable" : held.reason
            return (reason, "\(reason): \(tail(held.message))")
        }
        let containers = (pod.status?.initContainerStatuses ?? []) + (pod.status?.containerStatuses ?? [])
        for container in containers {
            guard let waiting = container.state?.waiting, let reason = waiting.reason,
                reason != "ContainerCreating", reason != "PodInitializing"
            else { continue }
            if reason == "ErrImagePull" || reason == "ImagePullBackOff" {
                let image = container.image ?? "its image"
                return (
                    "ImagePullBackOff",
                    "ImagePullBackOff: \(image) can't be pulled; check its name and the pull secret"
                        + (pullFault(waiting).map { "; the node says: \($0)" } ?? "")
                )
            }
            let detail = waiting.message.map { ": " + tail($0) } ?? ""
            return (reason, reason + detail)
        }
        return nil
    }

    /// What a registry, or the way to it, said; nil where only the pause between two tries is told.
    private static func pullFault(_ waiting: Pod.ContainerStatus.Waiting) -> String? {
        guard let message = waiting.message else { return nil }
        let marker = "ErrImagePull: "
        if let range = message.utf8.firstRange(of: marker.utf8) {
            return String(message[range.upperBound...]).ends(bytes: 512)
        }
        return waiting.reason == "ErrImagePull" ? message.ends(bytes: 512) : nil
    }

    /// Whether somebody holds it back until it is their turn to start it.
    static func isGated(_ pod: Pod) -> Bool {
        pod.status?.conditions?.contains {
            $0.type == "PodScheduled" && $0.status == "False" && $0.reason == "SchedulingGated"
        } ?? false
    }

    /// Whether no scheduler has looked at it: one that can't place it says so.
    static func isOverlooked(_ pod: Pod) -> Bool {
        !pod.hasEnded && pod.status?.phase ?? "Pending" == "Pending"
            && (pod.status?.containerStatuses ?? []).isEmpty
            && pod.status?.conditions?.contains { $0.type == "PodScheduled" } != true
    }

    /// Whether a scheduler has looked at it and found no node for it.
    static func isUnplaced(_ pod: Pod) -> Bool {
        pod.status?.conditions?.contains { $0.type == "PodScheduled" && $0.status == "False" } ?? false
    }

    /// Whether what a scheduler says is about volumes, such as a claim that isn't bound.
    static func mentionsVolumes(_ message: String) -> Bool {
        let message = message.lowercased()
        return message.contains("persistentvolume") || message.contains("persistent volume")
    }

    static let takenAway = " was taken away: "

    /// What became of a pod that somebody else is taking away; nil where nobody is.
    static func removal(_ pod: Pod) -> (reason: String, message: String)? {
        let name = pod.metadata.name
        if let target = pod.status?.conditions?.first(where: { $0.type == "DisruptionTarget" && $0.isTrue }) {
            let reason = target.reason.isEmpty ? "DisruptionTarget" : target.reason
            return (reason, "\(reason): pod \(name)\(takenAway)\(tail(target.message))")
        }
        guard pod.metadata.isDeleting else { return nil }
        return (
            Reason.podDeleted,
            "\(Reason.podDeleted): pod \(name) was deleted by someone else while it ran, by hand or with its node"
        )
    }

    /// When the stage's program ended in a pod of which all has succeeded; nil where it hasn't, or where the pod was told to
    /// go, which may be why it ended.
    package static func success(_ pod: Pod) -> Timestamp? {
        guard pod.status?.phase == "Succeeded", !pod.metadata.isDeleting,
            let own = pod.status?.containerStatuses?.first(where: { $0.name == StageJob.containerName }),
            let state = own.state?.terminated, state.exitCode == 0
        else { return nil }
        return state.finishedAt
    }

    /// How the stage's own program ended in a pod that goes on only because of other containers; nil where it runs
    /// still, or where the pod ends by itself.
    static func outlived(_ pod: Pod) -> (own: PodDiagnosis, others: [String])? {
        guard !pod.hasEnded, !pod.metadata.isDeleting, let containers = pod.status?.containerStatuses,
            let own = containers.first(where: { $0.name == StageJob.containerName }), let state = own.state?.terminated
        else { return nil }
        let others = containers.filter { $0.state?.terminated == nil }.map(\.name)
        return others.isEmpty ? nil : (diagnosis(of: state, in: nil), others)
    }

    /// Why a stage failed: the last pod that failed says it best, its Job's condition else.
    static func failure(of job: Job, pods: [Pod], stage: StageSpec) -> PodDiagnosis {
        let condition = job.finalCondition
        if condition?.reason == "DeadlineExceeded" {
            let limit = stage.timeout.map { "its timeout of \($0)" } ?? "its deadline"
            return PodDiagnosis(
                reason: "DeadlineExceeded",
                ending: "DeadlineExceeded: it did not end within \(limit)",
                isFromPod: false)
        }
        let failed = pods.filter { terminated($0) != nil || ($0.status?.phase == "Failed" && $0.status?.reason != nil) }
        // One pod at a time: the last one made is the last one that ended.
        if let last = failed.max(by: { order($0) < order($1) }) { return diagnosis(of: last) }
        if let last = pods.filter(\.metadata.isDeleting).max(by: { order($0) < order($1) }),
            let removal = removal(last)
        {
            return PodDiagnosis(reason: removal.reason, ending: removal.message, isFromPod: true)
        }
        let reason = condition?.reason ?? ""
        if reason == "BackoffLimitExceeded", pods.isEmpty {
            return PodDiagnosis(
                reason: reason,
                ending: "BackoffLimitExceeded: its pod is gone, and with it how it ended: it was deleted, evicted, or "
                    + "collected with its node", isFromPod: false)
        }
        return PodDiagnosis(
            reason: reason.isEmpty ? Reason.stageFailed : reason,
            ending: condition.map { "\($0.reason): \($0.message)" } ?? "its Job failed", isFromPod: false)
    }

    private static func order(_ pod: Pod) -> (Timestamp, Timestamp) {
        let never = Timestamp(seconds: 0)
        return (pod.metadata.creationTimestamp ?? never, terminated(pod)?.finishedAt ?? never)
    }

    private static func diagnosis(of pod: Pod) -> PodDiagnosis {
        let state = terminated(pod)
        // By a signal, that is: a program that had failed before may be cleared away by anybody.
        if let removal = removal(pod),
            removal.reason != Reason.podDeleted || [137, 143].contains(state?.exitCode ?? 137)
        {
            let code = state.map { " (exit code \($0.exitCode))" } ?? ""
            return PodDiagnosis(
                reason: removal.reason, ending: removal.message + code, exitCode: state?.exitCode,
                finishedAt: state?.finishedAt, isFromPod: true)
        }
        // The kubelet's reason for the whole pod, such as Evicted, explains its containers' exit codes.
        if let reason = pod.status?.reason, pod.status?.phase == "Failed" {
            let code = state.map { " (exit code \($0.exitCode))" } ?? ""
            return PodDiagnosis(
                reason: reason,
                ending: "\(reason): \(tail(pod.status?.message ?? "no more is known"))\(code)",
                exitCode: state?.exitCode,
                finishedAt: state?.finishedAt,
                isFromPod: true)
        }
        return state.map { diagnosis(of: $0, in: container(of: pod)) }
            ?? PodDiagnosis(reason: Reason.stageFailed, ending: "its pod failed", isFromPod: true)
    }

    /// `container`: its name, where it isn't the stage's own.
    private static func diagnosis(of state: Pod.ContainerStatus.Terminated, in container: String?) -> PodDiagnosis {
        let isPlain = state.reason == nil || state.reason == "Error" || state.reason == "Completed"
        let said = state.message.map(tail) ?? ""
        var ending = "exit code \(state.exitCode)"
        if let reason = state.reason, !isPlain { ending = "\(reason) (\(ending))" }
        if state.reason == "OOMKilled" { ending += "; raise the stage's resources.limits.memory" }
        if let container { ending = "container \(container): \(ending)" }
        return PodDiagnosis(
            reason: isPlain ? Reason.exitCode : state.reason ?? Reason.exitCode,
            ending: ending,
            said: said,
            exitCode: state.exitCode,
            finishedAt: state.finishedAt,
            isFromPod: true)
    }

    /// How the container that counts ended.
    private static func terminated(_ pod: Pod) -> Pod.ContainerStatus.Terminated? {
        counting(pod)?.state?.terminated
    }

    /// The name of the container that counts, such as an init container's; nil for the stage's own.
    private static func container(of pod: Pod) -> String? {
        counting(pod).map(\.name).flatMap { $0 == StageJob.containerName ? nil : $0 }
    }

    /// The stage's own container, where it failed, or else whichever did.
    private static func counting(_ pod: Pod) -> Pod.ContainerStatus? {
        let containers = (pod.status?.initContainerStatuses ?? []) + (pod.status?.containerStatuses ?? [])
        let failed = containers.filter { $0.state?.terminated.map { $0.exitCode != 0 } ?? false }
        return failed.first { $0.name == StageJob.containerName } ?? failed.first
    }

    private static func tail(_ text: String) -> String {
        var text = text
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text.tail(bytes: messageLimit)
    }
}
