/// Lines at the bottom of a terminal that are drawn again and again in their place.
struct LiveScreen {
    private let terminal: Terminal
    private var height = 0

    init(_ terminal: Terminal) { self.terminal = terminal }

    /// What to write so that `lines` stand there in place of those before.
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
