// Built as a whole module, the compiler finds the fields of sockaddr there instead of in Glibc.
internal import CHiredis
import Glibc

/// An address to connect to, whatever its family.
struct SocketAddress: Sendable {
    private let bytes: [UInt8]
    let family: CInt

    init(copying address: UnsafePointer<sockaddr>, length: socklen_t) {
        bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(length)))
        family = CInt(address.pointee.sa_family)
    }

    /// A Unix domain socket; `nil` if the path is longer than the system takes.
    init?(path: String) {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let text = Array(path.utf8)
        guard text.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: text) }
        bytes = withUnsafeBytes(of: &address) { Array($0) }
        family = AF_UNIX
    }

    func withPointer<Value>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Value) -> Value {
        bytes.withUnsafeBytes { raw in
            // Heap memory of an array is aligned for every socket address.
            guard let base = raw.baseAddress else { preconditionFailure("An address has bytes") }
            return body(base.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
        }
    }
}
