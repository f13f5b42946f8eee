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

/// The codings in which somebody takes an answer (RFC 9110, 12.5.3).
struct AcceptedCodings {
    private var accepted: Set<String> = []
    private var refused: Set<String> = []

    /// `headers`: the values of `Accept-Encoding`. What isn't named isn't taken.
    init(_ headers: [String]) {
        for entry in headers.flatMap({ $0.split(separator: ",") }) {
            let parts = entry.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let name = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if weight > 0 { accepted.insert(name) } else { refused.insert(name) }
        }
    }

    func has(_ coding: String) -> Bool {
        accepted.contains(coding) || accepted.contains("*") && !refused.contains(coding)
    }
}
