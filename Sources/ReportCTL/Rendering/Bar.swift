/// Parts of a line that are drawn as bars.
struct Bar: Sendable {
    let isUnicode: Bool

    /// A part that is done, of 0…1.
    func progress(_ part: Double, width: Int, tone: Tone) -> StyledText {
        let done = Int((min(1, max(0, part)) * Double(width)).rounded(.down))
        return StyledText(String(repeating: full, count: done), tone)
            + StyledText(String(repeating: empty, count: width - done), .faint)
    }

    /// Where nobody knows how much there is to do: a piece that wanders, a step each second.
    func wandering(_ step: Int64, width: Int, tone: Tone) -> StyledText {
        let length = min(4, width)
        let places = max(1, width - length)
        // There and back again.
        let turn = Int(step % Int64(2 * places))
        let start = turn <= places ? turn : 2 * places - turn
        return StyledText(String(repeating: empty, count: start), .faint)
            + StyledText(String(repeating: full, count: length), tone)
            + StyledText(String(repeating: empty, count: width - length - start), .faint)
    }

    /// A span of time within a longer one, as `0…1` of it; at least one character.
    func span(from start: Double, to end: Double, width: Int, tone: Tone) -> StyledText {
        let first = min(width - 1, max(0, Int((start * Double(width)).rounded(.down))))
        let last = min(width, max(first + 1, Int((end * Double(width)).rounded(.up))))
        return StyledText(String(repeating: " ", count: first))
            + StyledText(String(repeating: full, count: last - first), tone)
            + StyledText(String(repeating: " ", count: width - last))
    }

    private var full: String { isUnicode ? "█" : "#" }

    private var empty: String { isUnicode ? "░" : "." }
}
