import KubernetesModel
package import ReportAPI

/// A request's states from its creation to its end, each with a newer resource version.
package enum RequestLife {
    /// Two stages; the second fails in the first attempt, and the second attempt succeeds.
    package static func states(uid: String = "5e0f5a3c-9a43-4c7e-8d0b-2f8f4b0c7a11", cancelled: Bool = false)
        -> [ReportRequest]
    {
        var states: [ReportRequest] = []
        var request = ReportRequest.fixture(.chain("extract", "load"), uid: uid)
        var version = 95
        func step(_ edit: (inout ReportRequestStatus) -> Void) {
            version += 1
            request = request.status(edit).with { $0.metadata.resourceVersion = "\(version)" }
            states.append(request)
        }
        func time(_ seconds: Int64) -> Timestamp { .start.after(seconds) }
        func enter(_ phase: ReportRequestStatus.Phase, _ seconds: Int64, _ reason: String? = nil) {
            step { status in
                status.phase = phase
                status.reason = reason
                status.transitions =
                    (status.transitions ?? []) + [.init(phase: phase, at: time(seconds), reason: reason)]
                if phase == .queued { status.queuedAt = time(seconds) }
                if phase.isTerminal { status.completedAt = time(seconds) }
            }
        }
        func stage(_ index: Int, _ phase: StageStatus.Phase, _ seconds: Int64, code: Int? = nil) {
            step { status in
                status.stages?[index].phase = phase
                if phase == .running {
                    status.stages?[index].startedAt = time(seconds)
                    status.stages?[index].job = "job-\(index)-\(status.attempt ?? 1)"
                    status.startedAt = status.startedAt ?? time(seconds)
                }
                if phase != .running { status.stages?[index].completedAt = time(seconds) }
                status.stages?[index].exitCode = code
            }
        }
        step { status in
            status.attempt = 1
            status.stages = ["extract", "load"].map { StageStatus(name: $0, attempt: 1) }
            status.accepted = AcceptedRun(
                name: "tb", pipeline: .chain("extract", "load"), parameters: ["period": "2026-10"])
        }
        enter(.queued, 0)
        enter(.running, 5)
        stage(0, .running, 5)
        stage(0, .succeeded, 9, code: 0)
        stage(1, .running, 9)
        if cancelled {
            enter(.cancelling, 11, Reason.cancelledByUser)
            stage(1, .cancelled, 12)
            enter(.cancelled, 12, Reason.cancelledByUser)
            return states
        }
        stage(1, .failed, 12, code: 3)
        enter(.failed, 12, Reason.stageFailed)
        step { status in
            status.previousAttempts = [
                PreviousAttempt(
                    attempt: 1, phase: .failed, reason: Reason.stageFailed, startedAt: status.startedAt,
                    completedAt: status.completedAt, transitions: status.transitions,
                    stages: status.stages.map { [$0[1]] })
            ]
            status.attempt = 2
            status.transitions = [.init(phase: .queued, at: time(60))]
            status.phase = .queued
            status.queuedAt = time(60)
            status.startedAt = nil
            status.completedAt = nil
            status.stages?[1] = StageStatus(name: "load", attempt: 2)
        }
        enter(.running, 61)
        stage(1, .running, 61)
        stage(1, .succeeded, 70, code: 0)
        enter(.succeeded, 70, Reason.completed)
        return states
    }
}
