internal import Synchronization

/// The end of a log, as its lines come.
final class LogText: Sendable {
    private let limit: Int
    private let text = Mutex<[UInt8]>([])

    /// `limit`: bytes that are kept at the most.
    init(limit: Int) { self.limit = limit }

    var bytes: [UInt8] { text.withLock { Array($0.suffix(limit)) } }

    func append(_ line: Substring) {
        text.withLock { text in
            text += line.utf8
            text.append(UInt8(ascii: "\n"))
            // Not for each line: that would move all of it.
            if text.count > 2 * limit { text.removeFirst(text.count - limit) }
        }
    }
}
