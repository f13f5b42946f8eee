import GatewayIdentity
import Testing

struct PublicURLTests {
    @Test(arguments: [
        ("https://reports.example.com", "https://reports.example.com", ""),
        ("https://reports.example.com/", "https://reports.example.com", ""),
        ("https://reports.example.com:8443/a/b-c/", "https://reports.example.com:8443/a/b-c", "/a/b-c"),
        ("http://127.0.0.1:8080/reports", "http://127.0.0.1:8080/reports", "/reports"),
        ("http://[::1]:8080", "http://[::1]:8080", ""),
    ])
    func addressesAreRead(text: String, whole: String, path: String) throws {
        let url = try PublicURL.of(text)
        #expect(url.text == whole && url.path == path && url.isSecure == text.hasPrefix("https"))
    }

    @Test(arguments: [
        "", "reports.example.com", "http://reports.example.com", "http://127.0.0.1.evil.example",
        "http://localhost.evil.example", "https://", "https://a@b", "https://a?b", "https://a#b", "https://a//b",
        "https://a/b//", "https://a/../b", "https://a/%2e", "https://a/b;c", "https://a/ü", "HTTPS://a",
    ])
    func othersAreRefused(text: String) { #expect(PublicURL(text) == nil) }

    @Test func theBasePathIsAtItsEnd() throws {
        let url = try PublicURL.of("https://a.example")
        #expect(url.under("/") == url)
        #expect(url.under("/in/reports/")?.text == "https://a.example/in/reports")
        #expect(try PublicURL.of("https://a.example/reports").under("/reports/")?.path == "/reports")
        #expect(try PublicURL.of("https://a.example/my-reports/").under("/reports/")?.path == "/my-reports/reports")
    }
}
