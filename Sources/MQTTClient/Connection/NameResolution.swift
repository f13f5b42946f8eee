import AsyncSupport
import Glibc
import NetworkAddresses
import Synchronization

/// A look-up of a host's addresses on a thread of its own: `getaddrinfo` takes as long as it wants, and the connection's
/// thread has deadlines to keep meanwhile.
final class NameResolution: Sendable {
    struct Address: Sendable {
        let address: IPAddress
        /// As `getaddrinfo` takes it without asking anybody.
        let text: String
    }

    enum Answer: Sendable {
        case addresses([Address])
        /// With the reason for people.
        case failed(String)
    }

    private let result = Mutex<Answer?>(nil)

    /// Starts it; `wakeup` is woken when the answer is there.
    init(host: String, wakeup: WakeDescriptor) {
        NativeThread.start(named: "mqtt") { [self] in
            let answer = Self.resolve(host)
            result.withLock { $0 = answer }
            wakeup.wake()
        }
    }

    var answer: Answer? { result.withLock { $0 } }

    private static func resolve(_ host: String) -> Answer {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        var code = getaddrinfo(host, nil, &hints, &list)
        if code != 0 {
            // AI_ADDRCONFIG leaves out loopback where that is all there is.
            hints.ai_flags = 0
            code = getaddrinfo(host, nil, &hints, &list)
        }
        guard code == 0 else { return .failed(String(cString: gai_strerror(code))) }
        defer { freeaddrinfo(list) }
        var addresses: [Address] = []
        var next = list
        while let entry = next {
            if let address = address(entry.pointee) { addresses.append(address) }
            next = entry.pointee.ai_next
        }
        return .addresses(addresses)
    }

    private static func address(_ entry: addrinfo) -> Address? {
        guard let raw = entry.ai_addr,
            let address = IPAddress(
                socketAddress: UnsafeRawBufferPointer(start: raw, count: Int(entry.ai_addrlen)))
        else { return nil }
        // With the interface where an address needs one.
        var text = [CChar](repeating: 0, count: 128)
        guard getnameinfo(raw, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0 else {
            return nil
        }
        return Address(
            address: address,
            text: String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
}
