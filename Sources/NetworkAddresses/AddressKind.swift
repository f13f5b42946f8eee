/// What an address can belong to, by the registries of special-purpose addresses (RFC 6890, as of 2025).
public enum AddressKind: String, Hashable, Sendable {
    /// Of a machine anywhere on the internet.
    case `public` = "public"
    /// Of the machine itself.
    case loopback
    /// Of a company's or a cluster's own network.
    case `private`
    /// Of the machines on the same wire, where clouds answer with a machine's credentials.
    case linkLocal = "link-local"
    /// Where a cloud answers its machines, though the address looks public.
    case metadata
    /// Shared by a provider and its customers, and used within clusters.
    case shared
    case multicast
    /// Of nobody: for documentation, tests, or later.
    case reserved
}

extension IPAddress {
    public var kind: AddressKind {
        if let embedded { return embedded.kind }
        let table = bytes.count == 4 ? Self.fourByteKinds : Self.sixteenByteKinds
        for (prefix, bits, kind) in table where hasPrefix(prefix, bits: bits) { return kind }
        // Of IPv6 nothing else is given out.
        return bytes.count == 4 || bytes[0] & 0xE0 == 0x20 ? .public : .reserved
    }

    /// The first that fits counts.
    private static let fourByteKinds: [([UInt8], Int, AddressKind)] = [
        ([0], 8, .loopback),  // "This host": Linux takes 0.0.0.0 for itself.
        ([10], 8, .private),
        ([100, 64], 10, .shared),
        ([127], 8, .loopback),
        ([168, 63, 129, 16], 32, .metadata),  // Azure
        ([169, 254], 16, .linkLocal),
        ([172, 16], 12, .private),
        ([192, 0, 0], 24, .reserved),
        ([192, 0, 2], 24, .reserved),
        ([192, 88, 99], 24, .reserved),
        ([192, 168], 16, .private),
        ([198, 18], 15, .reserved),
        ([198, 51, 100], 24, .reserved),
        ([203, 0, 113], 24, .reserved),
        ([224], 4, .multicast),
        ([240], 4, .reserved),
    ]

    private static let sixteenByteKinds: [([UInt8], Int, AddressKind)] = [
        ([UInt8](repeating: 0, count: 16), 128, .loopback),
        ([UInt8](repeating: 0, count: 15) + [1], 128, .loopback),
        ([0xFE, 0x80], 10, .linkLocal),
        ([0xFE, 0xC0], 10, .private),
        ([0xFC], 7, .private),
        ([0xFF], 8, .multicast),
        ([0x20, 0x01, 0], 23, .reserved),
        ([0x20, 0x01, 0x0D, 0xB8], 32, .reserved),
        ([0x3F, 0xFF, 0], 20, .reserved),
    ]
}
