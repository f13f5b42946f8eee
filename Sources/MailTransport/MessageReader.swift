import Glibc
import MailMessages

/// Gives a message piece by piece, files read as they are wanted.
final class MessageReader {
    struct Fault: Error {
        var words: String
    }

    let size: Int
    private var segments: ArraySlice<EncodedMail.Segment>
    private var ready: ArraySlice<UInt8> = []
    /// The attachment that is under way: how much of it was read, and its file.
    private var offset = 0
    private var descriptor: CInt = -1

    /// Read at once: about 64 KiB, whole lines.
    private static let piece = Base64.lineBytes * 1150

    init(_ mail: EncodedMail) {
        size = mail.size
        segments = mail.segments[...]
    }

    deinit { closeFile() }

    /// - Returns: how many bytes; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(Fault) -> Int {
        while ready.isEmpty {
            guard try fill() else { return 0 }
        }
        let count = min(buffer.count, ready.count)
        buffer.copyBytes(from: ready.prefix(count))
        ready = ready.dropFirst(count)
        return count
    }

    /// - Returns: false at the end.
    private func fill() throws(Fault) -> Bool {
        switch segments.first {
        case nil:
            return false
        case .bytes(let bytes):
            ready = bytes[...]
            segments.removeFirst()
        case .base64(let content):
            let count = min(Self.piece, content.size - offset)
            let piece = try bytes(of: content, count: count)
            var lines: [UInt8] = []
            lines.reserveCapacity(Base64.lengthInLines(of: count))
            Base64.appendLines(of: piece, to: &lines)
            ready = lines[...]
            offset += count
            if offset == content.size {
                closeFile()
                offset = 0
                segments.removeFirst()
            }
        }
        return true
    }

    private func bytes(of content: MailAttachment.Content, count: Int) throws(Fault) -> ArraySlice<UInt8> {
        switch content {
        case .bytes(let bytes):
            return bytes[offset..<offset + count]
        case .file(let path, let size):
            if descriptor < 0 { descriptor = open(path, O_RDONLY | O_CLOEXEC) }
            guard descriptor >= 0 else { throw Fault(words: "\(path) can't be opened: \(Self.reason(errno))") }
            var bytes = [UInt8](repeating: 0, count: count)
            var filled = 0
            while filled < count {
                let got = bytes.withUnsafeMutableBytes { buffer in
                    Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), count - filled)
                }
                if got < 0, errno == EINTR { continue }
                guard got >= 0 else { throw Fault(words: "\(path) can't be read: \(Self.reason(errno))") }
                guard got > 0 else { throw Fault(words: "\(path) is shorter than its \(size) bytes") }
                filled += got
            }
            return bytes[...]
        }
    }

    private func closeFile() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
    }

    private static func reason(_ number: CInt) -> String { String(cString: strerror(number)) }
}
