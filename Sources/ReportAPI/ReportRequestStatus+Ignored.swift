import KubernetesModel

/// What a status says, behind what it says of the run, of a change that counts for nothing.
extension ReportRequestStatus {
    private static let separator = "; "

    /// What is said of the run itself: that alone is its history.
    ///
    /// Found by what is in `ignoredChange`, and never in the message: a server's words are part of it.
    public var runMessage: String? {
        guard let message, let ignoredChange else { return message }
        if message.isSame(as: ignoredChange) { return nil }
        let end = (Self.separator + ignoredChange).utf8
        guard message.utf8.count > end.count, message.utf8.suffix(end.count).elementsEqual(end) else { return message }
        return String(Substring(message.utf8.dropLast(end.count)))
    }

    /// Says of the run what is said, and `change` behind it, in place of what was said of another.
    public mutating func say(ignored change: String?) {
        let run = runMessage
        ignoredChange = change.map { "ignored: \($0)" }
        let said = [run, ignoredChange].compactMap(\.self)
        message = said.isEmpty ? nil : said.joined(separator: Self.separator)
    }
}
