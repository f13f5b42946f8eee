import Glibc

/// Asks a person who sits at a terminal.
enum Question {
    /// Nil where nobody does: input or errors go elsewhere. Anything but `y` or `yes` means no.
    static func ask(_ question: String) -> Bool? {
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return nil }
        Out.prompt("\(question) [y/N] ")
        return readLine().map(isYes) ?? false
    }

    static func isYes(_ answer: String) -> Bool {
        let answer = answer.lowercased().filter { !$0.isWhitespace }
        return answer == "y" || answer == "yes"
    }
}
