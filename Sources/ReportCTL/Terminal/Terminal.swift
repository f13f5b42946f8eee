import Glibc

/// What standard output can show.
struct Terminal: Sendable, Equatable {
    /// Whether a person looks at it, and lines that stand there can be drawn again.
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
