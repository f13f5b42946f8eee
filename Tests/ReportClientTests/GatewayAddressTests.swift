import ReportClient
import Testing

struct GatewayAddressTests {
    @Test(
        arguments: [
            ("https://reports.example.com/", "https://reports.example.com"),
            (" https://example.com:8443/reports// ", "https://example.com:8443/reports"),
            ("http://localhost:8080", "http://localhost:8080"), ("http://127.0.0.1", "http://127.0.0.1"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ])
    func anAddressIsTakenWithoutItsSlash(text: String, address: String) throws {
        #expect(try GatewayAddress(text).text == address)
    }

    @Test(arguments: [
        "", "reports.example.com", "ftp://a", "https://", "https://me:pw@a", "https://a?b", "https://a b", "https:///a",
    ])
    func whatIsNoneIsRefused(text: String) {
        #expect(throws: GatewayTrouble.address(text, fault: "an address is such as https://reports.example.com")) {
            try GatewayAddress(text)
        }
    }

    /// An eavesdropper would have the token.
    @Test(arguments: [
        "http://reports.example.com", "http://localhost.example.com", "http://10.0.0.1", "http://127.0.0.1.example.com",
    ])
    func aTokenGoesNowhereInTheClear(text: String) {
        let error = #expect(throws: GatewayTrouble.self) { try GatewayAddress(text) }
        guard case .address(text, let fault)? = error else { return #expect(Bool(false), "\(error as Any)") }
        #expect(fault.contains("https://"))
    }
}
