extension String {
    /// Not longer than that in UTF-8, and with a note where it was.
    package func cut(toBytes limit: Int) -> String {
        guard utf8.count > limit else { return self }
        let note = " … (cut: it had \(utf8.count) bytes)"
        // Half a character at the end becomes a replacement character, which goes.
        let kept = String(decoding: utf8.prefix(max(0, limit - note.utf8.count)), as: UTF8.self)
        return (kept.last == "\u{FFFD}" ? String(kept.dropLast()) : kept) + note
    }
}
