import GatewayIdentity
import Testing

@Suite struct ReturnPathTests {
    @Test(arguments: [
        "/", "/runs", "/runs?phase=Failed&from=2026-11", "/reports/a-b_c~1", "/history/%C3%A4#files", "/a/b/", "/..a",
        "/auths", "/runs?next=/auth/sign-in",
    ])
    func ourPathsAreKept(path: String) { #expect(ReturnPath.checked(path) == path) }

    @Test(arguments: [
        "", "runs", "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
        "/\\/evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example", "/\r\nLocation: //evil.example",
        " //evil.example", "/ /evil.example", "javascript:alert(1)", "/runs//evil.example", "/.//evil.example",
        "/..//evil.example", "/../evil", "/a/../../b", "/%2e%2e/evil", "/%2E./evil", "/./a", "@evil.example", "/\u{0}",
        "/runs\u{7F}", "/r\u{FC}ns", "/\u{FF0F}evil.example", "/<script>", "/\"a", "/auth", "/auth/sign-out",
        "/AUTH/callback", "?a=b", "#a", "http:/evil.example", "/runs?next=//evil.example",
        "/%2fevil.example", "/%5Cevil.example", "/a/%2F..%2f", "/%0d%0aSet-Cookie:a", "/%7F",
        String(repeating: "/a", count: 600),
    ])
    func othersLeadHome(path: String) { #expect(ReturnPath.checked(path) == "/") }

    @Test func noneLeadsHome() { #expect(ReturnPath.checked(nil) == "/") }
}
