import DeliveryPlanning
import Testing

@Suite struct ServerURLTests {
    @Test func partsAreRead() throws {
        let url = try #require(ServerURL("HTTPS://Hooks.example.com:8443/a?b=c"))
        #expect(url.scheme == "https" && url.host == "hooks.example.com" && url.port == 8443 && url.target == "/a?b=c")
        let plain = try #require(ServerURL("smtp://10.0.0.7"))
        #expect(plain.host == "10.0.0.7" && plain.port == nil && plain.target.isEmpty)
        #expect(ServerURL("mqtts://[2001:db8::1]:8883")?.host == "2001:db8::1")
        #expect(ServerURL("mqtts://[2001:db8::1]:8883")?.port == 8883)
    }

    @Test(arguments: [
        "", "https", "https://", "https:///a", "https:/a", "//a", "://a", "https://user@host", "https://user:word@host",
        "https://host:0", "https://host:65536", "https://host:", "https://host:8x", "https://host#f", "https://ho st",
        "https://host\r\nX: y", "https://host\\@evil.example", "https://[::1", "https://[host]", "https://256.0.0.1",
        "https://127.1", "https://2130706433", "https://münchen.example",
    ])
    func whatCouldBeReadAnotherWayIsNone(text: String) { #expect(ServerURL(text) == nil) }

    @Test(arguments: [
        ("1", Int64(1)), ("20Mi", 20 << 20), ("500k", 500_000), ("64Ki", 64 << 10), ("1Gi", 1 << 30), ("", nil),
        ("0", nil), ("-1", nil), ("1.5Mi", nil), ("20MB", nil), ("20 Mi", nil), ("9999999999", nil),
    ])
    func sizes(text: String, bytes: Int64?) { #expect(ByteSize.bytes(text) == bytes) }
}
