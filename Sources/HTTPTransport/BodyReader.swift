import FoundationEssentials
import Glibc

/// Hands out a request's body piece by piece, from memory and from the disk; it holds one open file at most.
final class BodyReader {
    private enum Piece {
        case data(Data)
        case file(path: String, start: Int, size: Int)
    }

    private var pieces: [Piece]
    private var current = 0
    /// How much of the current piece is out.
    private var offset = 0
    private var file: CInt = -1
    /// Why the body can't be read to its end.
    private(set) var fault: String?

    /// Whether all has been handed out.
    var isAtEnd: Bool { left == 0 }
    private var left: Int

    init(_ request: HTTPRequest) {
        left = request.bodyLength ?? 0
        pieces = request.body.map { [.data($0)] } ?? []
        pieces += request.bodySegments.map { segment in
            switch segment {
            case .data(let data): .data(data)
            case .file(let path, let start, let size): .file(path: path, start: start, size: size)
            }
        }
    }

    deinit { closeFile() }

    /// Copies the next bytes out: 0 at the end, nil where they can't be had.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        guard let count = next(into: buffer) else { return nil }
        left -= count
        return count
    }

    private func next(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        while current < pieces.count {
            switch pieces[current] {
            case .data(let data):
                let count = min(buffer.count, data.count - offset)
                guard count > 0 else { break }
                let start = data.startIndex + offset
                data.copyBytes(to: buffer, from: start..<start + count)
                offset += count
                return count
            case .file(let path, let start, let size):
                let count = min(buffer.count, size - offset)
                guard count > 0 else { break }
                let room = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
                guard let read = read(path, at: start + offset, into: room) else { return nil }
                offset += read
                return read
            }
            (current, offset) = (current + 1, 0)
            closeFile()
        }
        return 0
    }

    private func read(_ path: String, at position: Int, into buffer: UnsafeMutableRawBufferPointer) -> Int? {
        if file < 0 { file = open(path, O_RDONLY | O_CLOEXEC) }
        guard file >= 0 else {
            fault = "\(path) can't be read: \(String(cString: strerror(errno)))"
            return nil
        }
        var count: Int
        repeat { count = pread(file, buffer.baseAddress, buffer.count, position) } while count < 0 && errno == EINTR
        guard count > 0 else {
            fault =
                count == 0
                ? "\(path) is shorter than it was" : "\(path) can't be read: \(String(cString: strerror(errno)))"
            return nil
        }
        return count
    }

    private func closeFile() {
        if file >= 0 { close(file) }
        file = -1
    }
}
