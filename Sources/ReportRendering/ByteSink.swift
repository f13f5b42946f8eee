import Glibc

/// Writes a file's bytes to an open descriptor, in pieces of 64 KiB.
package struct ByteSink: ~Copyable {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private static let capacity = 64 << 10

    /// `descriptor` stays the caller's: it is not closed.
    package init(descriptor: Int32) {
        self.descriptor = descriptor
        buffer.reserveCapacity(Self.capacity)
    }

    package mutating func write(_ text: String) throws(RenderError) { try write(text.utf8) }

    package mutating func write(_ bytes: some Collection<UInt8>) throws(RenderError) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.capacity { try flush() }
    }

    package mutating func flush() throws(RenderError) {
        var rest = buffer[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw RenderError(.cannotWrite, String(cString: strerror(errno)))
            }
        }
        buffer.removeAll(keepingCapacity: true)
    }
}
