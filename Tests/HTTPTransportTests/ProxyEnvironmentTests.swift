import Testing

@testable import HTTPTransport

@Suite struct ProxyEnvironmentTests {
    private func proxy(_ url: String, _ variables: [String: String]) throws -> String? {
        let server = try #require(URLAuthority(url))
        return ProxyEnvironment { variables[$0] }.proxy(for: server)
    }

    @Test func schemesHaveTheirOwnProxies() throws {
        let variables = ["HTTP_PROXY": "http://a", "https_proxy": "http://b"]
        #expect(try proxy("http://far.test/", variables) == "http://a")
        #expect(try proxy("https://far.test/", variables) == "http://b")
        #expect(try proxy("https://far.test/", ["HTTP_PROXY": "http://a"]) == nil)
        #expect(try proxy("https://far.test/", ["HTTPS_PROXY": "", "https_proxy": "http://b"]) == "http://b")
        #expect(ProxyEnvironment { _ in nil }.isEmpty)
    }

    @Test(arguments: ["localhost", "127.0.0.1", "127.9.9.9", "[::1]"])
    func thisMachineIsReachedDirectly(host: String) throws {
        #expect(try proxy("https://\(host):6443/", ["HTTPS_PROXY": "http://a"]) == nil)
    }

    @Test(arguments: [
        ("*", "far.test", true),
        ("far.test", "far.test", true),
        ("FAR.test", "far.TEST", true),
        ("far.test", "a.far.test", true),
        ("far.test", "notfar.test", false),
        (".far.test", "a.far.test", true),
        (".far.test", "far.test", false),
        ("*.far.test", "a.far.test", true),
        ("other.test, far.test", "far.test", true),
        ("far.test:6443", "far.test", true),
        ("far.test:443", "far.test", false),
        ("10.0.0.0/8", "10.96.0.1", true),
        ("10.0.0.0/8", "11.0.0.1", false),
        ("10.96.0.0/12", "10.111.255.255", true),
        ("10.96.0.0/12", "10.112.0.0", false),
        ("10.96.0.1", "10.96.0.1", true),
        ("10.96.0.1:6443", "10.96.0.1", true),
        ("10.96.0.1", "10.96.0.10", false),
        ("fd00::/8", "[fd00:10::1]", true),
        ("fd00::/8", "[fe80::1]", false),
        ("[fd00::1]:6443", "[fd00::1]", true),
        ("0.0.0.0/0", "1.2.3.4", true),
        ("0.0.0.0/0", "far.test", false),
        ("", "far.test", false),
    ])
    func exceptionsFollowGosRules(exceptions: String, host: String, isDirect: Bool) throws {
        let variables = ["HTTPS_PROXY": "http://a", "NO_PROXY": exceptions]
        #expect((try proxy("https://\(host):6443/", variables) == nil) == isDirect)
    }
}
