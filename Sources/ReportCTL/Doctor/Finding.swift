/// What a check found.
struct Finding: Encodable, Sendable, Equatable {
    enum Level: String, Encodable, Sendable {
        case ok, warning, failure
    }

    var level: Level
    /// What was looked at.
    var subject: String
    var text: String
    /// What to do; nil where nothing needs to be done.
    var mend: String?

    static func ok(_ subject: String, _ text: String) -> Finding {
        Finding(level: .ok, subject: subject, text: text, mend: nil)
    }

    static func warning(_ subject: String, _ text: String, mend: String) -> Finding {
        Finding(level: .warning, subject: subject, text: text, mend: mend)
    }

    static func failure(_ subject: String, _ text: String, mend: String) -> Finding {
        Finding(level: .failure, subject: subject, text: text, mend: mend)
    }

    func lines(subjectWidth: Int) -> [StyledText] {
        let (word, tone): (String, Tone) =
            switch level {
            case .ok: ("ok", .good)
            case .warning: ("warning", .waiting)
            case .failure: ("FAILED", .bad)
            }
        let line =
            StyledText(word, tone).padded(to: 7) + "  " + StyledText(subject).padded(to: subjectWidth) + "  "
            + StyledText(text)
        guard let mend else { return [line] }
        return [line, StyledText(String(repeating: " ", count: subjectWidth + 11) + "→ " + mend)]
    }
}
