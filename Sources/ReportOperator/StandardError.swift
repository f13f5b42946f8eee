import FoundationEssentials
import Glibc

/// Standard error, written whole lines at a time.
enum StandardError {
    /// One `write` a line: lines of several threads don't mix while they are shorter than a pipe's atomic size.
    static func write(_ line: Data) {
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(STDERR_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }
}
