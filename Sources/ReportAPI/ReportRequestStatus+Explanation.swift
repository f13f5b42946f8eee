import KubernetesModel

extension StageStatus {
    /// How it ended, at a glance and without what its program wrote last, which is in `message` alone: such as `exit code 3`.
    /// 240 bytes of it at most. A message that isn't a program's may be a server's, which names what it refuses at its beginning,
    /// or a container runtime's: 512 bytes, in one line.
    public var ending: String? { parts?.ending }

    /// The same with the end of the last line that its program wrote, where the error mostly is: 240 bytes of these words at most.
    public var headline: String? {
        guard let parts else { return nil }
        let room = max(80, 238 - parts.ending.utf8.count)
        let lines = Self.lines(of: parts.words)
        guard let first = lines.first, let last = lines.last else { return parts.ending }
        guard lines.count > 1 else { return "\(parts.ending): \(first.ends(bytes: room))" }
        let begin = first.head(bytes: room / 3)
        return "\(parts.ending): \(begin) \(lines.count > 2 ? "…" : "/") \(last.ends(bytes: room - room / 3 - 5))"
    }

    private var parts: (ending: String, words: String)? {
        guard let message else { return nil }
        guard hasProgramsWords, let exitCode, let code = message.utf8.firstRange(of: "exit code \(exitCode)".utf8)
        else {
            return (Self.lines(of: message).joined(separator: " ").ends(bytes: 512), "")
        }
        let colon = message.utf8[code.upperBound...].firstRange(of: ": ".utf8)
        let ending = String(message[..<(colon?.lowerBound ?? message.endIndex)])
        return (
            Self.lines(of: ending).joined(separator: " ").ends(bytes: 240),
            colon.map { String(message[$0.upperBound...]) } ?? ""
        )
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
            guard let ending = stage.ending, let headline = stage.headline,
                let (subject, range) = place(of: stage.name, ending, in: message, from: rest)
            else { continue }
            // A record has it as it was told.
            let isTold = message.utf8[range.lowerBound...].starts(with: (subject + headline).utf8)
            text += message[rest..<range.lowerBound] + (isTold ? String(message[range]) : subject + headline)
            rest = range.upperBound
        }
        return text + message[rest...]
    }

    /// Where the message says how the stage ended: as of one that failed, or of one that was stopped with its run. Each sentence is at
    /// the beginning, or behind another one.
    private func place(
        of name: String, _ ending: String, in message: String, from start: String.Index
    ) -> (subject: String, Range<String.Index>)? {
        for subject in ["\(name) failed: ", "\(name): "] {
            var rest = start
            while let range = message.utf8[rest...].firstRange(of: (subject + ending).utf8) {
                if range.lowerBound == message.startIndex
                    || message[..<range.lowerBound].utf8.suffix(2).elementsEqual("; ".utf8)
                {
                    return (subject, range)
                }
                rest = message.utf8.index(after: range.lowerBound)
            }
        }
        return nil
    }
}
