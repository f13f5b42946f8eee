internal import CCurl
import Glibc

/// The sockets of a loop that are open, oldest first. libcurl has no call that closes its idle connections;
/// this is what one is made of.
final class SocketRegistry {
    private var sockets: [CInt] = []

    var count: Int { sockets.count }

    /// Opens a socket for libcurl; -1 if there is none to be had.
    ///
    /// `userTimeout`: milliseconds after which unacknowledged data breaks the connection. Keepalive does not see
    /// a peer that vanished while data is on its way to it; this does.
    func open(family: CInt, type: CInt, protocolNumber: CInt, userTimeout: CInt) -> CInt {
        // Close-on-exec from the start: credential plugins must not inherit the connection.
        let descriptor = socket(family, type | CInt(SOCK_CLOEXEC.rawValue), protocolNumber)
        guard descriptor >= 0 else { return -1 }
        var milliseconds = userTimeout
        setsockopt(
            descriptor, CInt(IPPROTO_TCP), TCP_USER_TIMEOUT, &milliseconds, socklen_t(MemoryLayout<CInt>.size))
        sockets.append(descriptor)
        return descriptor
    }

    func close(_ descriptor: CInt) -> CInt {
        sockets.removeAll { $0 == descriptor }
        return Glibc.close(descriptor)
    }

    /// Ends the oldest connections that no transfer uses, until that many are left.
    ///
    /// They are shut down, not closed: libcurl finds them dead when it next looks for one, and closes them.
    func shutDownIdle(keeping count: Int, used: Set<CInt>, usedPorts: Set<Int>) {
        let idle = sockets.filter { !used.contains($0) && !usedPorts.contains(Self.localPort(of: $0)) }
        for descriptor in idle.dropLast(count) {
            shutdown(descriptor, CInt(SHUT_RDWR))
            // No longer counted as a connection; libcurl still closes the descriptor.
            sockets.removeAll { $0 == descriptor }
        }
    }

    private static func localPort(of descriptor: CInt) -> Int {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.baseAddress.map { getsockname(descriptor, $0.assumingMemoryBound(to: sockaddr.self), &length) }
        }
        guard result == 0 else { return 0 }
        // The port is the second field, in network order, of both sockaddr_in and sockaddr_in6.
        let port = withUnsafeBytes(of: &address) { $0.load(fromByteOffset: 2, as: UInt16.self) }
        return Int(UInt16(bigEndian: port))
    }
}
