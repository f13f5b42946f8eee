import ArgumentParser
import ReportAPI
import ReportClient

/// What is said, and how the program ends, when a run is over.
enum RunEnd {
    /// Says what to do next and throws the exit code, but for a success.
    static func conclude(
        _ outcome: RunFollowing.Outcome, _ name: String, session: Session, terminal: Terminal
    ) throws {
        switch outcome {
        case .finished(let status, let isGoing):
            let phase = status.phase
            Out.hint(sentence(name, status))
            let steps = NextSteps.afterEnd(name, status, isGoing: isGoing, command: session.command)
            switch phase {
            case .failed:
                Out.hint("  why:   \(session.command("describe", name))")
                steps.forEach { Out.hint("  " + $0) }
                throw ExitCode.failed
            case .cancelled:
                steps.forEach { Out.hint("  " + $0) }
                throw ExitCode.cancelled
            case .succeeded, .queued, .running, .cancelling, nil: return
            }
        case .deleted:
            throw Trouble(
                "\(name) was deleted meanwhile",
                advice: ["what became of it: \(session.command("history", name))"])
        case .interrupted:
            Out.hint("\nThe run continues; only the watching has ended.")
            Out.hint("  watch: \(session.command("watch", name))")
            Out.hint("  stop:  \(session.command("cancel", name))")
            throw ExitCode.interrupted
        }
    }

    static func sentence(_ name: String, _ status: ReportRequestStatus) -> String {
        let took = status.duration.map { " after \($0)" } ?? ""
        let phase = status.phase?.rawValue ?? "not finished"
        guard status.phase != .succeeded, let message = status.explanation, !message.isEmpty else {
            return "\(name) \(phase)\(took)."
        }
        return (["\(name) \(phase)\(took): \(message)"] + status.lastWords.map { $0.lastLines(4) })
            .joined(separator: "\n  ")
    }
}

extension ReportRequestStatus {
    /// Why each stage failed, where the run's explanation has but a line of it.
    var lastWords: [String] {
        let told = explanation
        return (stages ?? []).compactMap { stage in
            guard stage.phase == .failed, let words = stage.message, told?.contains(words) != true
            else { return nil }
            return "\(stage.name): \(words)"
        }
    }
}

extension String {
    var firstLine: String { String(prefix { !$0.isNewline }) }

    /// The first line and the last `count` ones.
    func lastLines(_ count: Int) -> String {
        let lines = split(whereSeparator: \.isNewline)
        guard lines.count > count + 2 else { return lines.joined(separator: "\n  ") }
        return ([lines[0], "…"] + lines.suffix(count)).joined(separator: "\n  ")
    }
}
