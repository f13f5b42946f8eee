import Glibc

/// The address of a machine on a network, as a connection has it.
public struct IPAddress: Hashable, Sendable {
    /// Four, or sixteen.
    public let bytes: [UInt8]

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// Reads `192.0.2.1` and `2001:db8::1`; nil for names and what else is not an address.
    public init?(_ text: some StringProtocol) {
        var bytes = [UInt8](repeating: 0, count: 16)
        let text = String(text)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.bytes = Array(bytes.prefix(4))
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.bytes = bytes
        } else {
            return nil
        }
    }

    /// Of a `sockaddr`; nil for one of neither IPv4 nor IPv6.
    public init?(socketAddress: UnsafeRawBufferPointer) {
        guard socketAddress.count >= MemoryLayout<sockaddr_in>.size else { return nil }
        switch Int32(socketAddress.loadUnaligned(as: sa_family_t.self)) {
        // Both have family and port in front; IPv6 the flow label besides.
        case AF_INET: bytes = Array(socketAddress[4..<8])
        case AF_INET6 where socketAddress.count >= 24: bytes = Array(socketAddress[8..<24])
        default: return nil
        }
    }

    /// The one of IPv4 that this one leads to: written in the notation of IPv6, or behind a translator.
    var embedded: IPAddress? {
        guard bytes.count == 16 else { return nil }
        for (prefix, length, start) in Self.embeddings where hasPrefix(prefix, bits: length) {
            return IPAddress(bytes: Array(bytes[start..<start + 4]))
        }
        return nil
    }

    /// Mapped (`::ffff:10.0.0.1`), translated (NAT64 as RFC 6052 has it for everyone) and 6to4.
    private static let embeddings: [([UInt8], Int, Int)] = [
        ([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 96, 12),
        ([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0], 96, 12),
        ([0x20, 0x02], 16, 2),
    ]

    func hasPrefix(_ prefix: [UInt8], bits: Int) -> Bool {
        let whole = bits / 8
        guard bytes.prefix(whole).elementsEqual(prefix.prefix(whole)) else { return false }
        guard bits % 8 > 0 else { return true }
        let mask = UInt8.max << (8 - bits % 8)
        return bytes[whole] & mask == prefix[whole] & mask
    }
}

extension IPAddress: CustomStringConvertible {
    public var description: String {
        if bytes.count == 4 { return bytes.map { "\($0)" }.joined(separator: ".") }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, bytes, &text, socklen_t(text.count)) != nil else { return "" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
