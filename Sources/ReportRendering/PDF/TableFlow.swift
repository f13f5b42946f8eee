/// Decides which line of a table goes on which page, and where.
///
/// Lines that belong together move to the next page together: a group's heading with its first row, sums with the row
/// above them. A page that begins within a group repeats its headings. What is taller than a page is cut between two
/// lines of its text.
struct TableFlow<Content> {
    enum Role: Equatable {
        case heading(level: Int)
        case row
        case sum(level: Int)
        case total
        /// Text below the table.
        case paragraph
    }

    struct Line {
        var role: Role
        var content: Content
        /// Lines of text, of which each takes `leading`.
        var lineCount = 1
        var leading: Double
        /// Height besides them.
        var padding: Double

        var height: Double { padding + Double(lineCount) * leading }
    }

    enum Event {
        /// Those lines of its text are drawn there. `isRepeated`: a heading on a page after its own.
        case place(Line, lines: Range<Int>, y: Double, isRepeated: Bool)
        case pageEnd
    }

    /// Where lines begin on each page but the first.
    private let top: Double
    private let bottom: Double
    private var y: Double
    /// Where the page's lines begin below the repeated headings.
    private var freshY: Double
    /// What belongs together so far.
    private var block: [Line] = []
    private var blockHasRow = false
    /// The headings of the groups that are open, the outermost first.
    private var open: [Line] = []

    init(start: Double, top: Double, bottom: Double) {
        self.top = top
        self.bottom = bottom
        y = start
        freshY = start
    }

    mutating func take(_ line: Line, _ body: (Event) throws -> Void) rethrows {
        switch line.role {
        case .heading, .row, .paragraph:
            if blockHasRow { try placeBlock(body) }
        case .sum, .total: break
        }
        block.append(line)
        switch line.role {
        case .row, .paragraph: blockHasRow = true
        case .heading, .sum, .total: break
        }
    }

    /// Ends the last page.
    mutating func end(_ body: (Event) throws -> Void) rethrows {
        try placeBlock(body)
        try body(.pageEnd)
    }

    private mutating func placeBlock(_ body: (Event) throws -> Void) rethrows {
        guard let first = block.first else { return }
        let height = block.reduce(0) { $0 + $1.height }
        let isTooTall = height > bottom - top && bottom - y > (bottom - top) / 4
        if y + height > bottom, y > freshY, !isTooTall { try breakPage(before: first, body) }
        for line in block { try place(line, body) }
        block.removeAll(keepingCapacity: true)
        blockHasRow = false
    }

    private mutating func place(_ line: Line, _ body: (Event) throws -> Void) rethrows {
        if line.role == .paragraph { open.removeAll() }
        var done = 0
        repeat {
            let room = Int(((bottom - y - line.padding) / line.leading + 0.001).rounded(.down))
            let left = line.lineCount - done
            if room < min(left, 2), y > freshY {
                try breakPage(before: line, body)
                continue
            }
            // Where not even one line fits below the repeated headings, it is drawn there all the same.
            let count = min(left, max(room, 1))
            try body(.place(line, lines: done..<done + count, y: y, isRepeated: false))
            y += line.padding + Double(count) * line.leading
            done += count
            if done < line.lineCount { try breakPage(before: line, body) }
        } while done < line.lineCount
        switch line.role {
        case .heading(let level): open = open.prefix(level) + [line]
        case .sum(let level): open.removeLast(max(0, open.count - level))
        case .total: open.removeAll()
        case .row, .paragraph: break
        }
    }

    private mutating func breakPage(before line: Line, _ body: (Event) throws -> Void) rethrows {
        try body(.pageEnd)
        y = top
        let repeated =
            switch line.role {
            case .heading(let level): open.prefix(level)
            case .sum(let level): open.prefix(level + 1)
            case .row, .total: open[...]
            case .paragraph: open[..<0]
            }
        // Many levels, or names of a page's length, would leave no room for rows.
        if repeated.reduce(0, { $0 + $1.height }) < (bottom - top) / 3 {
            for heading in repeated {
                try body(.place(heading, lines: 0..<heading.lineCount, y: y, isRepeated: true))
                y += heading.height
            }
        }
        freshY = y
    }
}
