import Glibc

/// Sockets on the loopback, before anything is said over them.
package enum LoopbackSocket {
    /// One that listens, on a port that nobody else has: of `127.0.0.HOST`, or of `[::1]` with `isIPv6`. `backlog`: how
    /// many may wait to be taken.
    package static func listen(
        isIPv6: Bool = false, host: UInt8 = 1, backlog: Int = 512
    ) -> (descriptor: CInt, port: Int) {
        let (descriptor, port) = bound(isIPv6: isIPv6, host: host)
        precondition(Glibc.listen(descriptor, CInt(backlog)) == 0, "nothing can listen on the loopback")
        return (descriptor, port)
    }

    /// One that is connected to a port, or without `waits` is about to be; nil where nobody listens.
    package static func connect(to port: Int, waits: Bool = true) -> CInt? {
        let flags = waits ? 0 : CInt(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | flags, 0)
        var address = loopback(port: port)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                Glibc.connect(descriptor, raw, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 || !waits && errno == EINPROGRESS else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    fileprivate static func bound(isIPv6: Bool = false, host: UInt8 = 1) -> (descriptor: CInt, port: Int) {
        let descriptor = socket(isIPv6 ? AF_INET6 : AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard isIPv6 else {
            var address = loopback(port: 0, host: host)
            return (descriptor, bind(descriptor, to: &address) { UInt16(bigEndian: $0.sin_port) })
        }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        return (descriptor, bind(descriptor, to: &address) { UInt16(bigEndian: $0.sin6_port) })
    }

    private static func loopback(port: Int, host: UInt8 = 1) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = (0x7F00_0000 + UInt32(host)).bigEndian
        address.sin_port = UInt16(port).bigEndian
        return address
    }

    private static func bind<Address>(
        _ descriptor: CInt, to address: inout Address, port: (Address) -> UInt16
    ) -> Int {
        var length = socklen_t(MemoryLayout<Address>.size)
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                Glibc.bind(descriptor, raw, length) == 0 ? getsockname(descriptor, raw, &length) : -1
            }
        }
        precondition(result == 0, "nothing can be bound to the loopback")
        return Int(port(address))
    }
}

package enum FreePort {
    /// A port on the loopback that nobody has at this moment.
    package static func find() -> UInt16 {
        let (descriptor, port) = LoopbackSocket.bound()
        close(descriptor)
        return UInt16(port)
    }
}
