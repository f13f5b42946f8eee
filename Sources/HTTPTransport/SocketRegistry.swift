internal import CCurl
import Glibc

/// The sockets of a loop that are open, oldest first. libcurl has no call that closes its idle connections;
/// this is what one is made of.
final class SocketRegistry {
    // A number alone does not do: libcurl closes sockets that never got connected without a word, and the next
    // file opened anywhere in the process gets the same number.
    private struct Entry {
        var descriptor: CInt
        var inode: ino_t

        var isStillOpen: Bool { SocketRegistry.inode(of: descriptor) == inode }
    }

    private var sockets: [Entry] = []

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
        sockets.removeAll { $0.descriptor == descriptor }
        sockets.append(Entry(descriptor: descriptor, inode: Self.inode(of: descriptor)))
        return descriptor
    }

    func close(_ descriptor: CInt) -> CInt {
        sockets.removeAll { $0.descriptor == descriptor }
        return Glibc.close(descriptor)
    }

    /// Ends the oldest connections that no transfer uses, until that many are left.
    ///
    /// They are shut down, not closed: libcurl finds them dead when it next looks for one, and closes them.
    func shutDownIdle(keeping count: Int, used: Set<CInt>, usedPorts: Set<Int>) {
        // Only this thread closes libcurl's sockets, so what is open here stays so until the end.
        sockets.removeAll { !$0.isStillOpen }
        let idle = sockets.map(\.descriptor).filter {
            !used.contains($0) && !usedPorts.contains(Self.localPort(of: $0))
        }
        for descriptor in idle.dropLast(count) {
            shutdown(descriptor, CInt(SHUT_RDWR))
            // No longer counted as a connection; libcurl still closes the descriptor.
            sockets.removeAll { $0.descriptor == descriptor }
        }
    }

    private static func inode(of descriptor: CInt) -> ino_t {
        var information = stat()
        return fstat(descriptor, &information) == 0 ? information.st_ino : 0
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
