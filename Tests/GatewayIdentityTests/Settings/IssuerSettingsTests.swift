import FoundationEssentials
import GatewayIdentity
import JSONReading
import Testing

@Suite struct IssuerSettingsTests {
    private static func faults(
        allowInsecure: Bool = false, _ change: (inout IssuerSettings) -> Void = { _ in }
    ) -> [String] {
        var second = IssuerSettings(
            name: "partner", issuer: "https://id.partner.example/", clientID: "reports", usernamePrefix: "partner:",
            groupsPrefix: "partner:", groups: ["readers"])
        second.allowInsecure = allowInsecure
        change(&second)
        var first = IssuerSettings(
            name: "company", issuer: "https://id.example.com", usernamePrefix: "company:", groupsPrefix: "company:",
            groups: ["Domain Users", "Ärzte"])
        first.audiences = ["api"]
        return IdentitySettings(issuers: [first, second]).check().map(\.description)
    }

    @Test func goodSettingsHaveNoFaults() {
        #expect(Self.faults() == [])
        #expect(IdentitySettings(issuers: []).check() == [])
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        let text = """
            {"issuers": [{"name": "company", "issuer": "https://id.example.com", "clientID": "reports",
             "usernamePrefix": "company:", "groupsPrefix": "company:"}]}
            """
        let settings = try JSONReader().decode(IdentitySettings.self, from: text)
        #expect(settings.check() == [])
        let issuer = try #require(settings.issuers.first)
        #expect(issuer.scopes == ["openid", "profile", "email"] && issuer.acceptedAudiences == ["reports"])
        #expect(issuer.algorithms == ["RS256", "ES256"])
        #expect(issuer.usernameClaim == "sub" && issuer.groupsClaim == "groups")
        #expect(issuer.signIn && !issuer.trustEmail && !issuer.allowInsecure && issuer.groups.isEmpty)
    }

    @Test func whatIsNoSettingIsNamed() throws {
        let text = #"{"issuers": [{"usernamePrefx": "a:"}], "isuers": []}"#
        let faults = try JSONReader().decode(IdentitySettings.self, from: text).check().map(\.field)
        #expect(faults.contains("isuers") && faults.contains("issuers[0].usernamePrefx"))
        #expect(faults.contains("issuers[0].usernamePrefix") && faults.contains("issuers[0].audiences"))
    }

    @Test(arguments: [
        "", "system:", "System:", "SYSTEM:oidc:", "s", "sys", "system", " company:", "comp any:", "\u{200B}system:",
        "\tsystem:", "ｓystem:", "a\u{0}", "corp:\n", "corp:é", String(repeating: "a", count: 64),
    ])
    func prefixesThatCouldNameOthersAreFaults(prefix: String) throws {
        let users = Self.faults { $0.usernamePrefix = prefix }
        #expect(users.count == 1 && users[0].hasPrefix("issuers[1].usernamePrefix"), "\(users)")
        let groups = Self.faults {
            $0.groups = []
            $0.groupsPrefix = prefix
        }
        #expect(groups.count == 1 && groups[0].hasPrefix("issuers[1].groupsPrefix"), "\(groups)")
        for fault in users + groups {
            #expect(fault.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        }
    }

    @Test(arguments: ["company:", "company:partner:", "COMPANY:", "Company:a-"])
    func prefixesOfTwoIssuersAreDistinct(prefix: String) {
        let users = Self.faults { $0.usernamePrefix = prefix }
        #expect(users.count == 1 && users[0].hasPrefix("issuers[1].usernamePrefix: \"\(prefix)\" "), "\(users)")
        let groups = Self.faults { $0.groupsPrefix = prefix }
        #expect(groups.count == 1 && groups[0].contains("issuers[0].groupsPrefix (\"company:\")"), "\(groups)")
    }

    @Test(arguments: [
        "", "id.example.com", "http://id.partner.example", "http://127.0.0.1:80", "ftp://id.partner.example",
        "https://", "https:///realm", "https://user@id.partner.example", "https://id.partner.example?tenant=1",
        "https://id.partner.example#a", "https://id.partner.example/ a", "HTTPS://id.partner.example",
        "https://id.partner.example:80x", "https://id.ex\u{430}mple.com", "file:///etc/passwd", "https://:443",
        "https://a\\@b.example",
    ])
    func issuersAreSecure(issuer: String) {
        let faults = Self.faults { $0.issuer = issuer }
        #expect(faults.count == 1 && faults[0].hasPrefix("issuers[1].issuer"), "\(faults)")
    }

    @Test(arguments: ["http://127.0.0.1:8080", "http://localhost/realms/a", "http://[::1]:80", "http://127.9.9.9/"])
    func trialsMayBeInsecureOnTheLoopback(issuer: String) {
        #expect(Self.faults(allowInsecure: true) { $0.issuer = issuer } == [])
        #expect(Self.faults { $0.issuer = issuer }.count == 1)
    }

    @Test(arguments: [
        "http://127.0.0.1.example.com", "http://localhost.example.com", "http://10.0.0.1", "http://127.1",
        "http://127.0.0.1@example.com", "http://[::1].example.com", "http://127.0.0.256",
    ])
    func nothingElseMayBeInsecure(issuer: String) {
        #expect(Self.faults(allowInsecure: true) { $0.issuer = issuer }.count == 1)
    }

    @Test func otherFaultsNameTheirField() {
        func fields(_ change: (inout IssuerSettings) -> Void) -> [String] {
            Self.faults(change).map { String($0.prefix { $0 != ":" && $0 != " " }) }
        }
        for name in ["company", "", "Our Partner", "a/b", "ä", String(repeating: "a", count: 41)] {
            #expect(fields { $0.name = name } == ["issuers[1].name"])
        }
        #expect(fields { $0.issuer = "https://id.example.com" } == ["issuers[1].issuer"])
        #expect(fields { $0.audiences = ["reports", ""] } == ["issuers[1].audiences[1]"])
        #expect(fields { $0.algorithms = [] } == ["issuers[1].algorithms"])
        #expect(fields { $0.scopes = ["email"] } == ["issuers[1].scopes"])
        #expect(fields { $0.clientID = nil } == ["issuers[1].clientID", "issuers[1].audiences"])
        #expect(fields { $0.usernameClaim = "" } == ["issuers[1].usernameClaim"])
        #expect(fields { $0.caFile = "ca.pem" } == ["issuers[1].caFile"])
        for algorithm in ["none", "None", "HS256", "HS512", "rs256", "RSA-OAEP", ""] {
            #expect(fields { $0.algorithms = ["RS256", algorithm] } == ["issuers[1].algorithms[1]"])
        }
        for group in [
            "", "system:masters", "System:a", " readers", "a\u{202E}b", "a\n", String(repeating: "a", count: 250),
        ] {
            #expect(fields { $0.groups = ["readers", group] } == ["issuers[1].groups[1]"], "\(group)")
        }
    }
}
