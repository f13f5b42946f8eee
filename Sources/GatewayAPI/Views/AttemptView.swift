package import KubernetesModel
package import ReportAPI
package import ReportRecords

/// How an attempt before the present one ended.
package struct AttemptView: Hashable, Sendable, JSONWritable {
    package var attempt: Int
    package var phase: ReportRequestStatus.Phase
    package var reason: String?
    package var startedAt: Timestamp?
    package var completedAt: Timestamp?
    /// Those that ran in it and did not succeed.
    package var stages: [StageView]?

    package init(_ attempt: PreviousAttempt) {
        self.attempt = attempt.attempt
        phase = attempt.phase
        reason = attempt.reason
        startedAt = attempt.startedAt
        completedAt = attempt.completedAt
        stages = attempt.stages?.map(StageView.init)
    }

    package init(_ attempt: ReportRecord.Attempt) {
        self.attempt = attempt.attempt
        phase = attempt.phase
        reason = attempt.reason
        startedAt = attempt.startedAt.map(Timestamp.init)
        completedAt = attempt.completedAt.map(Timestamp.init)
        stages = attempt.stages?.map(StageView.init)
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("attempt", attempt)
            $0.member("phase", phase.rawValue)
            $0.member("reason", reason)
            $0.member("startedAt", startedAt)
            $0.member("completedAt", completedAt)
            $0.member("stages", stages)
        }
    }
}
