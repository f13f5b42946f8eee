import AsyncSupport
import Glibc
import Synchronization

/// A look-up of a host's addresses on a thread of its own: `getaddrinfo` takes as long as it wants, and the connection's
/// thread has deadlines to keep meanwhile.
final class NameResolution: Sendable {
    enum Answer: Sendable {
        case addresses([SocketAddress])
        /// With the reason for people.
        case failed(String)
    }

    private let host: String
    private let port: Int
    private let wakeup: WakeDescriptor
    private let result = Mutex<Answer?>(nil)

    /// Starts it; `wakeup` is woken when the answer is there.
    init(host: String, port: Int, wakeup: WakeDescriptor) {
        self.host = host
        self.port = port
        self.wakeup = wakeup
        NativeThread.start(named: "redis") { [self] in
            let answer = resolve()
            result.withLock { $0 = answer }
            self.wakeup.wake()
        }
    }

    var answer: Answer? { result.withLock { $0 } }

    private func resolve() -> Answer {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        var code = getaddrinfo(host, String(port), &hints, &list)
        if code != 0 {
            // AI_ADDRCONFIG leaves out loopback where that is all there is.
            hints.ai_flags = 0
            code = getaddrinfo(host, String(port), &hints, &list)
        }
        guard code == 0 else { return .failed(String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next {
            if let address = entry.pointee.ai_addr {
                addresses.append(SocketAddress(copying: address, length: entry.pointee.ai_addrlen))
            }
            next = entry.pointee.ai_next
        }
        return .addresses(addresses)
    }
}
