internal import CZlib

/// Compresses whole answers.
enum Gzip {
    /// What is shorter isn't worth it.
    static let threshold = 1024
    /// What is longer would hold up others while it is compressed.
    static let limit = 4 << 20

    /// nil where it can't be compressed.
    static func compressed(_ bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        var stream = z_stream()
        // A fast level: lists compress to a tenth with any of them.
        guard czlib_init_gzip(&stream, 3) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        let capacity = Int(deflateBound(&stream, UInt(bytes.count))) + 32
        let compressed = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            stream.next_in = UnsafeMutablePointer(
                mutating: bytes.bindMemory(to: UInt8.self).baseAddress)
            stream.avail_in = UInt32(clamping: bytes.count)
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(clamping: capacity)
            let result = deflate(&stream, Z_FINISH)
            count = result == Z_STREAM_END ? capacity - Int(stream.avail_out) : 0
        }
        return compressed.isEmpty ? nil : compressed
    }
}
