package import NetworkAddresses

/// Whose address a request came from, where proxies are before the gateway.
package struct ClientAddress: Sendable {
    private let trusted: [IPAddressRange]

    /// `trusted`: the proxies whose `X-Forwarded-For` is believed.
    package init(trusted: [IPAddressRange]) { self.trusted = trusted }

    /// The last address that no trusted proxy has: what precedes it anybody can have written.
    func address(peer: String?, forwardedFor: [String]) -> String {
        var address = peer ?? "unknown"
        var hops = forwardedFor.flatMap { $0.split(separator: ",") }.map { $0.trimmingSpaces }
        while isTrusted(address), let hop = hops.popLast(), IPAddress(hop) != nil { address = hop }
        return address
    }

    func isTrusted(_ address: String) -> Bool {
        trusted.contains { $0.contains(address) }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
