package import KubernetesModel
package import ReportAPI
package import ReportRecords

/// What one stage came to.
package struct StageView: Hashable, Sendable, JSONWritable {
    package var name: String
    package var phase: StageStatus.Phase
    package var attempt: Int?
    package var startedAt: Timestamp?
    package var completedAt: Timestamp?
    package var exitCode: Int?
    package var reason: String?
    package var message: String?

    package init(_ stage: StageStatus) {
        name = stage.name
        phase = stage.phase
        attempt = stage.attempt
        startedAt = stage.startedAt
        completedAt = stage.completedAt
        exitCode = stage.exitCode
        reason = stage.reason
        message = stage.message
    }

    package init(_ stage: ReportRecord.Stage) {
        name = stage.name
        phase = stage.phase
        attempt = stage.attempt
        startedAt = stage.startedAt.map(Timestamp.init)
        completedAt = stage.completedAt.map(Timestamp.init)
        exitCode = stage.exitCode
        reason = stage.reason
        message = stage.message
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("name", name)
            $0.member("phase", phase.rawValue)
            $0.member("attempt", attempt)
            $0.member("startedAt", startedAt)
            $0.member("completedAt", completedAt)
            $0.member("exitCode", exitCode)
            $0.member("reason", reason)
            $0.member("message", message)
        }
    }
}
