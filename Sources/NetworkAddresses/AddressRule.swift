/// Which addresses a connection may lead to, asked of the very address that it is about to be made to: a name that leads
/// elsewhere a moment later doesn't help.
public enum AddressRule: Hashable, Sendable {
    case any
    /// None of a private network, of this machine or of its cloud: who may name a server could otherwise reach what only
    /// this machine can reach.
    case publicOnly

    /// The same of a `sockaddr`.
    public func obstacle(toSocketAddress bytes: UnsafeRawBufferPointer) -> String? {
        guard self != .any else { return nil }
        return IPAddress(socketAddress: bytes).map(obstacle) ?? "it is reached by neither IPv4 nor IPv6"
    }

    /// Why one may not be connected to, in a sentence without a full stop; nil where it may.
    public func obstacle(to address: IPAddress) -> String? {
        switch self {
        case .any: nil
        case .publicOnly: address.kind == .public ? nil : "\(address) is a \(address.kind.rawValue) address"
        }
    }
}
