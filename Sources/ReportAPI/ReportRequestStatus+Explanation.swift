import KubernetesModel

extension StageStatus {
    /// How it ended, at a glance and without what its program wrote last, which is in `message` alone: such as `exit code 3`.
    /// 240 bytes of it at most. A message that isn't a program's may be a server's, which names what it refuses at its beginning,
    /// or a container runtime's: 512 bytes, in one line.
    public var ending: String? {
        guard let message else { return nil }
        guard hasProgramsWords, let exitCode, let code = message.utf8.firstRange(of: "exit code \(exitCode)".utf8)
        else {
            return Self.lines(of: message).joined(separator: " ").ends(bytes: 512)
        }
        let end = message.utf8[code.upperBound...].firstRange(of: ": ".utf8)?.lowerBound ?? message.endIndex
        return Self.lines(of: String(message[..<end])).joined(separator: " ").ends(bytes: 240)
    }

    /// The same with the end of the last line that its program wrote, where the error mostly is: 240 bytes in all.
    public var headline: String? {
        guard hasProgramsWords, let message else { return ending }
        let lines = Self.lines(of: message)
        guard let first = lines.first, let last = lines.last, lines.count > 1 else { return message.ends(bytes: 240) }
        return "\(first.head(bytes: 80)) \(lines.count > 2 ? "…" : "/") \(last.ends(bytes: 160))"
    }

    /// Whether its program ran at all: else the words behind the exit code are the runtime's.
    private var hasProgramsWords: Bool {
        exitCode != nil && reason != "StartError" && reason != "ContainerCannotRun"
    }

    private static func lines(of text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }.map(String.init)
    }

    /// For a run's message.
    public func failure(_ ending: String?) -> String { "\(name) failed: \(ending ?? "no reason is known")" }
}

/// What people are told of a run, wherever it is shown or recorded. The status has room for a program's last words once, in its
/// stage's entry; the run's message says how the stage ended, and the words are quoted from the entry.
extension ReportRequestStatus {
    /// The message, in which each failed stage has the end of its last words.
    public var explanation: String? { explained(message) }

    /// The same of the run itself: that alone is its history.
    public var runExplanation: String? { explained(runMessage) }

    private func explained(_ message: String?) -> String? {
        guard let message else { return nil }
        var (text, rest) = ("", message.startIndex)
        for stage in stages ?? [] where stage.exitCode != nil && stage.message != nil {
            guard let ending = stage.ending, let headline = stage.headline, !ending.isSame(as: headline) else {
                continue
            }
            // As of one that failed, and of one that was stopped with its run.
            for subject in ["\(stage.name) failed: ", "\(stage.name): "] {
                guard let range = message.utf8[rest...].firstRange(of: (subject + ending).utf8) else { continue }
                // A record has it as it was told.
                if !message.utf8[range.lowerBound...].starts(with: (subject + headline).utf8) {
                    text += message[rest..<range.lowerBound] + subject + headline
                    rest = range.upperBound
                }
                break
            }
        }
        return text + message[rest...]
    }
}
