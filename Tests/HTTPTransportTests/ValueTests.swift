import Testing

@testable import HTTPTransport

@Suite struct HTTPHeadersTests {
    @Test func namesAreComparedWithoutCase() {
        var headers: HTTPHeaders = ["Content-Type": "a", "X": "1"]
        headers.add(name: "x", value: "2")
        #expect(headers["content-TYPE"] == "a")
        #expect(headers["X"] == "1")
        #expect(headers.values("x") == ["1", "2"])
        #expect(headers["X-"] == nil)
    }

    @Test func settingReplacesAllOfThatName() {
        var headers = HTTPHeaders([("a", "1"), ("A", "2"), ("b", "3")])
        headers["a"] = "4"
        #expect(headers == [("b", "3"), ("a", "4")].reduce(into: HTTPHeaders()) { $0.add(name: $1.0, value: $1.1) })
        headers["B"] = nil
        #expect(headers == ["a": "4"])
    }
}

@Suite struct URLAuthorityTests {
    @Test(arguments: [
        ("https://a.test/b", "https", "a.test", 443, "a.test"),
        ("https://a.test:6443", "https", "a.test", 6443, "a.test:6443"),
        ("http://u:p@a.test:80/", "http", "a.test", 80, "a.test"),
        ("https://[::1]:6443/x", "https", "::1", 6443, "[::1]:6443"),
    ])
    func partsAreRead(url: String, scheme: String, host: String, port: Int, header: String) throws {
        let authority = try #require(URLAuthority(url))
        #expect(authority.scheme == scheme)
        #expect(authority.host == host)
        #expect(authority.port == port)
        #expect(authority.hostHeader == header)
    }

    @Test func hostsAreReplacedAndTheRestStays() {
        let replaced = URLAuthority.replacingHost(of: "https://[::1]:6443/a%2Fb?c=d%20e", with: "k.test")
        #expect(replaced == "https://k.test:6443/a%2Fb?c=d%20e")
        #expect(URLAuthority("https://") == nil)
    }
}

@Suite struct HTTPErrorTests {
    @Test(arguments: [
        ("https://a.test/b?token=c#d", "https://a.test/b"),
        ("https://u:p@a.test:1/b@c", "https://a.test:1/b@c"),
        ("https://u:p@q@a.test", "https://a.test"),
        ("nonsense", "nonsense"),
        ("", ""),
    ])
    func urlsLoseTheirSecrets(url: String, shown: String) {
        #expect(HTTPError(code: .other, message: "", url: url).url == shown)
    }
}
