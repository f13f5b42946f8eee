import NetworkAddresses
import Testing

@testable import GatewayServer

/// What anybody can have written into a header isn't believed.
struct ClientAddressTests {
    @Test(arguments: [
        // Nobody has spoken of anybody else.
        ("203.0.113.7", [], "203.0.113.7"),
        // Not from a proxy of ours: whatever it says.
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        // What stands before the last untrusted one, she has written herself.
        ("10.0.0.1", ["1.2.3.4, 198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.2.3.4", "198.51.100.1, 10.0.0.2"], "198.51.100.1"),
        ("10.0.0.1", ["10.0.0.9, 198.51.100.1\t, 10.0.0.2"], "198.51.100.1"),
        // All of them are ours.
        ("10.0.0.1", ["10.0.0.2"], "10.0.0.2"),
        // Not an address: the proxy that gave that word is the last that is known.
        ("10.0.0.1", ["evil\r\nX: y"], "10.0.0.1"),
        ("10.0.0.1", ["198.51.100.1, unknown"], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("fd00::1", ["2001:db8::5"], "2001:db8::5"),
    ])
    func theLastThatNoProxyOfOursHas(peer: String, forwardedFor: [String], address: String) throws {
        let trusted = try ["10.0.0.0/8", "fd00::/8"].map { try #require(IPAddressRange($0)) }
        #expect(ClientAddress(trusted: trusted).address(peer: peer, forwardedFor: forwardedFor) == address)
    }

    @Test func withoutProxiesNoneIsBelieved() {
        let addresses = ClientAddress(trusted: [])
        #expect(addresses.address(peer: "10.0.0.1", forwardedFor: ["1.2.3.4"]) == "10.0.0.1")
        #expect(addresses.address(peer: nil, forwardedFor: ["1.2.3.4"]) == "unknown")
    }
}
