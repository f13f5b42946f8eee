import Glibc

/// What standard output can show.
struct Terminal: Sendable, Equatable {
    /// Whether a person looks at it, and lines can be drawn again.
    var isInteractive = false
    var usesColor = false
    /// Whether it shows more than ASCII.
    var isUnicode = false
    /// In characters.
    var width = 100

    /// Of this process. `NO_COLOR` (any value) and `TERM=dumb` are heeded.
    static func standardOutput(environment: [String: String] = Program.environment) -> Terminal {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        return Terminal(isTerminal: isTerminal, columns: isTerminal ? columns() : nil, environment: environment)
    }

    init() {}

    init(isTerminal: Bool, columns: Int?, environment: [String: String]) {
        let isDumb = environment["TERM"] == "dumb"
        isInteractive = isTerminal && !isDumb
        usesColor = isInteractive && (environment["NO_COLOR"] ?? "").isEmpty
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        isUnicode = locale.lowercased().contains("utf-8") || locale.lowercased().contains("utf8")
        width = max(40, columns ?? environment["COLUMNS"].flatMap { Int($0) } ?? 100)
    }

    private static func columns() -> Int? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}

/// Lines at the bottom of a terminal that are drawn again and again in their place.
struct LiveScreen {
    private let terminal: Terminal
    private var height = 0

    init(_ terminal: Terminal) { self.terminal = terminal }

    /// What to write so that `lines` replace those before.
    mutating func frame(_ lines: [StyledText]) -> String {
        // Up to where the last frame began, and away with everything below.
        let back = height > 0 ? "\r\u{1B}[\(height)A\u{1B}[J" : ""
        height = lines.count
        // A line that wrapped would take two.
        return back
            + lines.map { $0.cut(to: terminal.width - 1).rendered(color: terminal.usesColor) + "\n" }.joined()
    }

    mutating func draw(_ lines: [StyledText]) { Out.write(frame(lines)) }
}
