import Glibc
import NetworkAddresses
import Testing

@Suite("Whom an address can belong to") struct AddressTests {
    @Test(arguments: [
        ("1.1.1.1", AddressKind.public), ("8.8.8.8", .public), ("172.15.255.255", .public), ("172.32.0.0", .public),
        ("100.63.255.255", .public), ("100.128.0.0", .public), ("192.167.255.255", .public),
        ("223.255.255.255", .public),
        ("168.63.129.17", .public), ("2606:4700::1111", .public), ("2a00:1450:4001::1", .public),
        ("3fff:1000::", .public), ("2001:200::1", .public),
        ("127.0.0.1", .loopback), ("127.255.255.255", .loopback), ("0.0.0.0", .loopback), ("::1", .loopback),
        ("::", .loopback),
        ("10.0.0.1", .private), ("172.16.0.1", .private), ("172.31.255.255", .private), ("192.168.1.1", .private),
        ("fc00::1", .private), ("fdff:ffff::1", .private), ("fd00:ec2::254", .private), ("fec0::1", .private),
        ("169.254.169.254", .linkLocal), ("fe80::1", .linkLocal), ("febf::1", .linkLocal),
        ("168.63.129.16", .metadata), ("100.64.0.1", .shared), ("100.100.100.200", .shared),
        ("100.127.255.255", .shared), ("224.0.0.1", .multicast), ("239.255.255.255", .multicast),
        ("ff02::1", .multicast),
        ("240.0.0.1", .reserved), ("255.255.255.255", .reserved), ("192.0.2.1", .reserved), ("192.0.0.192", .reserved),
        ("198.18.0.1", .reserved), ("2001:db8::1", .reserved), ("2001::1", .reserved), ("3fff::1", .reserved),
        ("64:ff9b:1::1", .reserved), ("::8.8.8.8", .reserved), ("100::1", .reserved), ("4000::1", .reserved),
    ])
    func kinds(text: String, kind: AddressKind) throws {
        #expect(try #require(IPAddress(text)).kind == kind)
    }

    @Test(
        "An address of IPv4 in another dress is what it is",
        arguments: [
            ("::ffff:127.0.0.1", AddressKind.loopback), ("::ffff:7f00:1", .loopback),
            ("::ffff:169.254.169.254", .linkLocal),
            ("::ffff:8.8.8.8", .public), ("64:ff9b::10.0.0.1", .private), ("64:ff9b::8.8.8.8", .public),
            ("2002:a00:1::", .private), ("2002:808:808::1", .public), ("2002:7f00:1::", .loopback),
        ])
    func embedded(text: String, kind: AddressKind) throws {
        #expect(try #require(IPAddress(text)).kind == kind)
    }

    @Test(arguments: ["", "localhost", "1.2.3", "127.1", "2130706433", "0x7f.0.0.1", "::g", "1.2.3.4 "])
    func whatIsNoAddressIsNone(text: String) { #expect(IPAddress(text) == nil) }

    @Test(arguments: [("127.0.0.1", AF_INET), ("fd00::abcd", AF_INET6)])
    func isReadFromASocketsAddress(text: String, family: Int32) throws {
        var storage = sockaddr_storage()
        storage.ss_family = sa_family_t(family)
        let read = withUnsafeMutableBytes(of: &storage) { bytes in
            inet_pton(family, text, bytes.baseAddress.map { $0 + (family == AF_INET ? 4 : 8) })
            return IPAddress(socketAddress: UnsafeRawBufferPointer(bytes))
        }
        #expect(read?.description == text)
    }

    @Test func socketsOfOtherFamiliesHaveNone() {
        var storage = sockaddr_storage()
        storage.ss_family = sa_family_t(AF_UNIX)
        #expect(withUnsafeBytes(of: &storage) { IPAddress(socketAddress: $0) } == nil)
    }

    @Test func theRuleNamesTheAddressAndWhatItIs() throws {
        let metadata = try #require(IPAddress("::ffff:169.254.169.254"))
        #expect(AddressRule.any.obstacle(to: metadata) == nil)
        #expect(
            AddressRule.publicOnly.obstacle(to: metadata) == "::ffff:169.254.169.254 is a link-local address")
        #expect(AddressRule.publicOnly.obstacle(to: try #require(IPAddress("9.9.9.9"))) == nil)
    }
}
