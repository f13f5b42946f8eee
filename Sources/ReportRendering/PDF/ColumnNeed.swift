/// The room that a column's texts ask for, in points.
struct ColumnNeed {
    /// All on one line.
    private(set) var natural = 0.0
    /// The widest that can't be broken well: a word, a number.
    private(set) var word = 0.0
    /// Whether a text has line breaks of its own.
    private(set) var hasBreaks = false
    /// Whether some are in parentheses, which then hang to the right of the others' last digits.
    private(set) var hasParentheses = false
    /// Of those that end with a digit.
    private var naturalOfOpen = 0.0
    private var byteCount = 0
    private var textCount = 0

    /// The average text's, roughly.
    func average(_ face: Typeface) -> Double {
        textCount == 0 ? 0 : Double(byteCount) / Double(textCount) * face.size * 0.55
    }

    /// `isText`: may be broken between words.
    mutating func add(_ text: String, isText: Bool, _ face: Typeface) {
        let printable = PrintableText.paragraphs(text)
        let count = printable.utf8.count
        guard count > 0 else { return }
        byteCount += count
        textCount += 1
        if isText {
            if !hasBreaks, printable.utf8.contains(UInt8(ascii: "\n")) { hasBreaks = true }
            // No character is wider: most texts need no closer look.
            let atMost = Double(count) * face.widestAdvance
            guard atMost > min(natural, word) else { return }
            let width = face.estimatedWidth(of: printable)
            // Those few that are wider than all before are measured as they are set: kerning must not break a word.
            if width > natural { natural = max(width, face.exactWidth(of: printable)) }
            if width > word { word = face.widestWord(of: printable, beyond: word) }
        } else {
            let width = face.estimatedWidth(of: printable)
            word = max(word, width)
            if printable.utf8.last == UInt8(ascii: ")") {
                hasParentheses = true
                natural = max(natural, width)
            } else {
                naturalOfOpen = max(naturalOfOpen, width)
            }
        }
    }

    /// To be called after the last text.
    mutating func end(_ face: Typeface) {
        let hanging = hasParentheses ? face.advance(")") : 0
        natural = max(natural, naturalOfOpen + hanging)
        if naturalOfOpen > 0 { word = max(word, naturalOfOpen + hanging) }
    }
}
