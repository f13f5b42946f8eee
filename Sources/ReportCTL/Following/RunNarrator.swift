import KubernetesModel
import ReportAPI
import ReportRecords
import ReportStores

/// Tells a run in lines, each thing once, however late it is seen: all of it is in the status.
struct RunNarrator: Sendable {
    /// Of this attempt and later ones.
    let attempt: Int
    let clock: @Sendable (Timestamp) -> String
    private var told: Set<String> = []
    private var lastMessage: String?

    init(attempt: Int, clock: @escaping @Sendable (Timestamp) -> String) {
        self.attempt = attempt
        self.clock = clock
    }

    mutating func lines(_ request: ReportRequest, now: Timestamp) -> [StyledText] {
        let status = request.status
        var lines: [StyledText] = []
        let width = ([request.metadata.name] + (status?.stages ?? []).map(\.name)).map(\.count).max() ?? 0
        for event in ReportEvent.all(of: request) where event.attempt >= attempt && told.insert(event.id).inserted {
            lines.append(line(event, status, width: width))
        }
        // Why it doesn't get on: phases alone don't tell.
        if let status, !status.isTerminal, let reason = status.reason, let message = status.message,
            !Self.ordinary.contains(reason), message != lastMessage
        {
            lastMessage = message
            lines.append(
                entry(now, request.metadata.name, width, status.phase?.rawValue ?? "", .of(status.phase), message))
        }
        return lines
    }

    /// A line for a run that there is nothing to tell of yet: where it stands, and what is waited for. Nil where `lines`
    /// has some, or nothing is waited for.
    static func opening(
        of request: ReportRequest, attempt: Int, now: Timestamp, clock: @escaping @Sendable (Timestamp) -> String
    ) -> StyledText? {
        var narrator = RunNarrator(attempt: attempt, clock: clock)
        guard narrator.lines(request, now: now).isEmpty else { return nil }
        let name = request.metadata.name
        guard let status = request.status, let phase = status.phase else {
            let text = "not seen by the operator yet; waiting until it accepts it"
            return narrator.entry(now, name, name.count, "Created", .plain, text)
        }
        // What has Succeeded, or is being deleted, has no further attempt.
        let isEarlier =
            (status.attempt ?? 1) < attempt && (phase != .succeeded || status.isRestored)
            && !request.metadata.isDeleting
        guard isEarlier || !status.isTerminal else { return nil }
        let text =
            isEarlier
            ? "in attempt \(status.attempt ?? 1); waiting until attempt \(attempt) begins"
            : [status.explanation?.firstLine, "waiting until it is over"].compactMap(\.self).joined(separator: "; ")
        return narrator.entry(now, name, name.count, phase.rawValue, .of(phase), text)
    }

    /// Reasons of runs that get on.
    private static let ordinary: Set<String> = [
        Reason.accepted, Reason.stageRunning, Reason.completed, Reason.stageFailed, Reason.cancelledByUser,
    ]

    private func line(_ event: ReportEvent, _ status: ReportRequestStatus?, width: Int) -> StyledText {
        let at = Timestamp(event.at)
        guard let stage = event.stage else {
            let phase = ReportRequestStatus.Phase(rawValue: event.phase)
            // The message is that of the present phase.
            let isEnd = phase?.isTerminal == true && phase == status?.phase && event.attempt == status?.attempt
            let took = isEnd ? status?.duration.map { "after \($0)" } : nil
            // The rest of it are the log's last lines.
            let message = isEnd && phase != .succeeded ? status?.explanation?.firstLine : nil
            let text = [took, message].compactMap(\.self).joined(separator: ": ")
            return entry(at, event.name, width, event.phase, .of(phase), text)
        }
        let phase = StageStatus.Phase(rawValue: event.phase) ?? .pending
        let known = status?.stage(stage)
        let took =
            phase == .running ? "" : Moments.length(from: known?.startedAt, to: known?.completedAt, now: at)
        let reason = phase == .failed ? [event.reason, event.exitCode.map { "\($0)" }].compactMap(\.self) : []
        let text = ([took] + [reason.joined(separator: " ")]).filter { !$0.isEmpty }.joined(separator: "  ")
        return entry(at, stage, width, event.phase, .of(phase), text)
    }

    private func entry(
        _ at: Timestamp, _ subject: String, _ width: Int, _ phase: String, _ tone: Tone, _ text: String
    ) -> StyledText {
        StyledText(clock(at), .faint) + "  " + StyledText(subject).padded(to: width) + "  "
            + StyledText(phase, tone).padded(to: 10) + "  " + StyledText(text)
    }
}
