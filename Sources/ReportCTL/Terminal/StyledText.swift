import ReportAPI
import ReportLayout

/// What a piece of text means: a terminal shows it as a colour.
enum Tone: Sendable, Hashable {
    case plain, strong, faint, good, bad, active, waiting

    /// The parameters of SGR.
    fileprivate var code: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .faint: "2"
        case .good: "32"
        case .bad: "31"
        case .active: "36"
        case .waiting: "33"
        }
    }

    static func of(_ phase: ReportRequestStatus.Phase?) -> Tone {
        switch phase {
        case .succeeded: .good
        case .failed: .bad
        case .running: .active
        case .queued, .cancelling: .waiting
        case .cancelled: .faint
        case nil: .plain
        }
    }

    static func of(_ phase: StageStatus.Phase) -> Tone {
        switch phase {
        case .succeeded: .good
        case .failed: .bad
        case .running: .active
        case .pending: .plain
        case .cancelled, .skipped: .faint
        }
    }
}

/// A line of text in pieces of one tone each.
struct StyledText: Sendable, Hashable, ExpressibleByStringLiteral {
    struct Span: Sendable, Hashable {
        var text: String
        var tone: Tone
    }

    private(set) var spans: [Span]

    /// `text` may come from anywhere: what could steer a terminal is escaped, line ends as well.
    init(_ text: String, _ tone: Tone = .plain) {
        spans = [Span(text: text.escapingControls(), tone: tone)]
    }

    init(stringLiteral value: String) { self.init(value) }

    /// One for each of the text's lines; an empty one at the end is left out.
    static func lines(_ text: String, _ tone: Tone = .plain) -> [StyledText] {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { StyledText(String($0), tone) }
    }

    /// Columns of a terminal that it takes.
    var count: Int { spans.reduce(0) { $0 + $1.text.cells } }

    static func + (left: StyledText, right: StyledText) -> StyledText {
        var sum = left
        sum.spans += right.spans
        return sum
    }

    /// Pads with spaces to at least `length` columns.
    func padded(to length: Int, isRight: Bool = false) -> StyledText {
        let missing = length - count
        guard missing > 0 else { return self }
        let space = StyledText(String(repeating: " ", count: missing))
        return isRight ? space + self : self + space
    }

    /// Cuts to at most `length` columns.
    func cut(to length: Int) -> StyledText {
        guard count > length else { return self }
        var rest = max(0, length - 1)
        var cut = self
        cut.spans = []
        for span in spans where rest > 0 {
            let text = span.text.prefix(cells: rest)
            cut.spans.append(Span(text: String(text), tone: span.tone))
            rest = text.endIndex == span.text.endIndex ? rest - text.cells : 0
        }
        cut.spans.append(Span(text: "…", tone: .plain))
        return cut
    }

    /// As a terminal takes it; without white space at its end.
    func rendered(color: Bool) -> String {
        var text = ""
        var last = spans
        while let span = last.last, span.text.allSatisfy({ $0 == " " }) { last.removeLast() }
        for (index, span) in last.enumerated() {
            var piece = span.text
            if index == last.count - 1 { while piece.last == " " { piece.removeLast() } }
            if color, !piece.isEmpty, let code = span.tone.code {
                text += "\u{1B}[\(code)m\(piece)\u{1B}[0m"
            } else {
                text += piece
            }
        }
        return text
    }
}
