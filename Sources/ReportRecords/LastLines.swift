/// The last lines of a text that comes line by line, within a number of bytes, however long the text is.
public struct LastLines: Sendable {
    private let limit: Int
    /// With newlines; those before `first` were dropped.
    private var lines: [Substring] = []
    private var first = 0
    /// Of those that are kept.
    public private(set) var byteCount = 0
    /// How many came in all.
    public private(set) var lineCount = 0
    /// Whether something was dropped.
    public private(set) var isCut = false

    public init(limit: Int) { self.limit = limit }

    /// A line without its newline. One that is longer than all that may be kept loses its beginning.
    public mutating func append(_ line: some StringProtocol) {
        var line = Substring(line) + "\n"
        if line.utf8.count > limit {
            line = Self.end(of: line, limit)
            isCut = true
        }
        lines.append(line)
        lineCount += 1
        byteCount += line.utf8.count
        while byteCount > limit {
            byteCount -= lines[first].utf8.count
            lines[first] = ""
            first += 1
            isCut = true
        }
        // Seldom enough that it costs nothing for each line.
        if first > 1024, first > lines.count / 2 {
            lines.removeFirst(first)
            first = 0
        }
    }

    /// How many it holds, with those that are soon cleared away.
    public var keptLines: Int { lines.count }

    /// Notes that not all of it has come.
    public mutating func markCut() { isCut = true }

    public var text: String { lines[first...].joined() }

    /// From the first character that begins within the last `limit` bytes.
    private static func end(of line: Substring, _ limit: Int) -> Substring {
        var index = line.utf8.index(line.utf8.endIndex, offsetBy: -limit)
        while index < line.utf8.endIndex, line.utf8[index] & 0xC0 == 0x80 {
            index = line.utf8.index(after: index)
        }
        return line[index...]
    }
}
