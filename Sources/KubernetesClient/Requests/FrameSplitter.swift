import FoundationEssentials
import Glibc

/// Cuts a stream of bytes into lines, wherever the pieces of the stream happen to end.
///
/// Append a piece, then take lines until there are none. What follows the last newline when the stream ends was
/// cut off and isn't a line.
struct FrameSplitter {
    enum Frame: Equatable {
        /// A line that isn't empty, without its newline.
        case line(Data)
        /// A line that was longer than the limit and has been dropped.
        case tooLong(byteCount: Int)
    }

    /// The longest line that is kept, in bytes: far above what the store takes (1.5 MiB).
    let limit: Int
    /// What came and isn't cut yet.
    private var rest = Data()
    /// The beginning of a line whose end hasn't come yet.
    private var beginning = Data()
    /// How much of a line that is too long was dropped.
    private var dropped = 0

    init(limit: Int = 16 << 20) {
        self.limit = limit
    }

    /// What follows the last newline, once all lines are taken; nil where there is nothing.
    var remainder: Data? { beginning.isEmpty ? nil : beginning }

    /// The lines of the piece before must have been taken.
    mutating func append(_ piece: Data) {
        assert(rest.isEmpty)
        rest = piece
    }

    mutating func next() -> Frame? {
        while let newline = indexOfNewline() {
            let head = rest[rest.startIndex..<newline]
            rest = rest[(newline + 1)...]
            if let frame = finish(head) { return frame }
        }
        keep()
        return nil
    }

    private mutating func finish(_ head: Data) -> Frame? {
        defer { dropped = 0 }
        let length = dropped + beginning.count + head.count
        if length > limit {
            beginning = Data()
            return .tooLong(byteCount: length)
        }
        guard !beginning.isEmpty else { return Self.isBlank(head) ? nil : .line(head) }
        defer { beginning = Data() }
        beginning.append(head)
        return Self.isBlank(beginning) ? nil : .line(beginning)
    }

    private mutating func keep() {
        if dropped + beginning.count + rest.count > limit {
            dropped += beginning.count + rest.count
            beginning = Data()
        } else {
            beginning.append(rest)
        }
        rest = Data()
    }

    private func indexOfNewline() -> Data.Index? {
        rest.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, let found = memchr(start, 10, bytes.count) else { return nil }
            return rest.startIndex + (UnsafeRawPointer(found) - start)
        }
    }

    private static func isBlank(_ line: Data) -> Bool {
        guard let first = line.first else { return true }
        return (first == 13 || first == 32) && line.allSatisfy { $0 == 13 || $0 == 32 }
    }
}
