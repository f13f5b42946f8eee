import KubernetesModel

/// How far a log has been read, so that reading can go on from there: no line twice, none left out.
///
/// The server can be asked only for what came from a second on. So the lines of the last seconds are remembered by the
/// moments that they carry, and those that come again are passed over. Moments may be the same, and out of order by up
/// to a second, as those of a container's two streams are.
struct LogPosition: Sendable {
    private struct Lines {
        var at: Timestamp
        var count: Int
    }

    /// The latest second that a line was written in.
    private var last: Timestamp?
    /// How many lines have been read that come again when asked for, by their moment.
    private var read: [Substring: Lines] = [:]
    /// Those of them that have yet to come again.
    private var expected: [Substring: Lines] = [:]

    /// From where on to ask; nil at the beginning.
    var second: Timestamp? { last.map { Timestamp(seconds: $0.seconds - 1) } }

    /// To be called before reading starts over from `second`.
    mutating func resume() { expected = read }

    /// The text of a line that begins with its moment; nil if it was read before.
    mutating func accept(_ line: String) -> Substring? {
        // By bytes: a search for a character costs the square of what a long run of accents is long.
        let end = line.utf8.prefix(64).firstIndex(of: UInt8(ascii: " ")) ?? line.endIndex
        let moment = line[..<end]
        guard let at = Timestamp(String(moment)) else { return line[...] }
        if let count = expected[moment]?.count, count > 0 {
            expected[moment]?.count = count - 1
            return nil
        }
        if last.map({ $0 < at }) ?? true {
            last = at
            if let second { read = read.filter { $0.value.at >= second } }
        }
        if let second, at >= second { read[moment, default: Lines(at: at, count: 0)].count += 1 }
        return end == line.endIndex ? "" : line[line.utf8.index(after: end)...]
    }
}
