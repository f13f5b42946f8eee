import FoundationEssentials
import GatewayIdentity
import JSONReading
import Testing

@Suite struct IssuerSettingsTests {
    private static func settings(
        _ change: (inout IssuerSettings) -> Void = { _ in }, allowInsecure: Bool = false
    ) -> IdentitySettings {
        var second = IssuerSettings(
            name: "partner", issuer: "https://id.partner.example/", clientID: "reports", audiences: ["reports"],
            usernamePrefix: "partner:", groupsPrefix: "partner:", groups: ["partner:readers"])
        change(&second)
        let first = IssuerSettings(
            name: "company", issuer: "https://id.example.com", audiences: ["reports"], usernamePrefix: "company:",
            groupsPrefix: "company:", groups: ["company:Domain Users", "company:Ärzte"])
        return IdentitySettings(issuers: [first, second], allowInsecure: allowInsecure)
    }

    @Test func goodSettingsHaveNoFaults() {
        #expect(Self.settings().faults() == [])
        #expect(IdentitySettings(issuers: []).faults() == [])
    }

    @Test func whatIsLeftOutHasItsDefault() throws {
        let text = """
            {"issuers": [{"name": "company", "issuer": "https://id.example.com", "clientID": "reports",
             "audiences": ["reports"], "usernamePrefix": "company:", "groupsPrefix": "company:"}]}
            """
        let settings = try JSONReader().decode(IdentitySettings.self, from: text)
        #expect(settings.faults() == [])
        #expect(!settings.allowInsecure)
        let issuer = try #require(settings.issuers.first)
        #expect(issuer.scopes == ["openid", "profile", "email"])
        #expect(issuer.algorithms == ["RS256", "ES256"])
        #expect(issuer.usernameClaim == "sub" && issuer.groupsClaim == "groups")
        #expect(issuer.signIn && !issuer.trustEmail && issuer.groups.isEmpty)
        #expect(try JSONReader().decode(IssuerSettings.self, from: JSONEncoder().encode(issuer)) == issuer)
    }

    @Test func withoutAClientNobodySignsIn() throws {
        let settings = try JSONReader().decode(IssuerSettings.self, from: #"{"name": "programs"}"#)
        #expect(!settings.signIn && settings.usernamePrefix.isEmpty)
    }

    @Test(arguments: [
        "", "system:", "System:", "SYSTEM:oidc:", "s", "sys", "system", " company:", "comp any:", "\u{200B}system:",
        "\tsystem:", "ｓystem:", "a\u{0}", "corp:\n", "corp:é", String(repeating: "a", count: 64),
    ])
    func prefixesThatCouldNameOthersAreFaults(prefix: String) throws {
        let users = Self.settings { $0.usernamePrefix = prefix }.faults()
        #expect(users.count == 1 && users[0].hasPrefix("issuers[1].usernamePrefix: "), "\(users)")
        let groups = Self.settings {
            $0.groups = []
            $0.groupsPrefix = prefix
        }.faults()
        #expect(groups.count == 1 && groups[0].hasPrefix("issuers[1].groupsPrefix: "), "\(groups)")
        for fault in users + groups {
            #expect(fault.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x200B })
        }
    }

    @Test(arguments: ["company:", "company:partner:", "comp", "c"])
    func prefixesOfTwoIssuersAreDistinct(prefix: String) {
        let users = Self.settings { $0.usernamePrefix = prefix }.faults()
        #expect(users.count == 1)
        #expect(
            users.first?.hasPrefix("issuers[1].usernamePrefix: \"\(prefix)\" isn't allowed beside issuers[0]") == true)
        let groups = Self.settings {
            $0.groups = []
            $0.groupsPrefix = prefix
        }.faults()
        #expect(groups.count == 1 && groups[0].contains("issuers[0].groupsPrefix \"company:\""))
    }

    @Test(arguments: [
        "", "id.example.com", "http://id.partner.example", "http://127.0.0.1:80", "ftp://id.partner.example",
        "https://", "https:///realm", "https://user@id.partner.example", "https://id.partner.example?tenant=1",
        "https://id.partner.example#a", "https://id.partner.example/ a", "HTTPS://id.partner.example",
        "https://id.partner.example:80x", "https://id.ex\u{430}mple.com", "file:///etc/passwd", "https://:443",
        "https://a\\@b.example",
    ])
    func issuersAreSecure(issuer: String) {
        let faults = Self.settings { $0.issuer = issuer }.faults()
        #expect(faults.count == 1 && faults[0].hasPrefix("issuers[1].issuer: "), "\(faults)")
    }

    @Test(arguments: ["http://127.0.0.1:8080", "http://localhost/realms/a", "http://[::1]:80", "http://127.9.9.9/"])
    func trialsMayBeInsecureOnTheLoopback(issuer: String) {
        #expect(Self.settings({ $0.issuer = issuer }, allowInsecure: true).faults() == [])
        #expect(Self.settings { $0.issuer = issuer }.faults().count == 1)
    }

    @Test(arguments: [
        "http://127.0.0.1.example.com", "http://localhost.example.com", "http://10.0.0.1", "http://127.1",
        "http://127.0.0.1@example.com", "http://[::1].example.com", "http://127.0.0.256",
    ])
    func nothingElseMayBeInsecure(issuer: String) {
        #expect(Self.settings({ $0.issuer = issuer }, allowInsecure: true).faults().count == 1)
    }

    @Test func otherFaultsNameTheirField() {
        func faults(_ change: (inout IssuerSettings) -> Void) -> [String] { Self.settings(change).faults() }
        #expect(
            faults { $0.name = "company" } == [
                #"issuers[1].name: "company" isn't allowed; issuers[0].name is the same"#
            ])
        #expect(faults { $0.name = "Our Partner" }.first?.hasPrefix("issuers[1].name: \"Our Partner\"") == true)
        #expect(
            faults { $0.issuer = "https://id.example.com/" }.first?.contains("issuers[0].issuer is the same") == true)
        #expect(faults { $0.audiences = [] }.first?.hasPrefix("issuers[1].audiences: ") == true)
        #expect(faults { $0.audiences = ["reports", ""] }.first?.hasPrefix("issuers[1].audiences: ") == true)
        #expect(faults { $0.algorithms = [] }.first?.hasPrefix("issuers[1].algorithms: ") == true)
        #expect(faults { $0.scopes = ["email"] }.first?.hasPrefix("issuers[1].scopes: ") == true)
        #expect(faults { $0.clientID = nil }.first?.hasPrefix("issuers[1].clientID: ") == true)
        #expect(faults { $0.usernameClaim = "" }.first?.hasPrefix("issuers[1].usernameClaim: ") == true)
        for algorithm in ["none", "None", "HS256", "HS512", "rs256", "RSA-OAEP", ""] {
            let found = faults { $0.algorithms = ["RS256", algorithm] }
            #expect(found.count == 1 && found[0].hasPrefix("issuers[1].algorithms[1]: \"\(algorithm)\""), "\(found)")
        }
        for group in [
            "readers", "system:masters", "partner:", "company:readers", "partner: readers", "partner:a\u{202E}b",
        ] {
            let found = faults { $0.groups = [group] }
            #expect(found.count == 1 && found[0].hasPrefix("issuers[1].groups[0]: "), "\(found)")
        }
    }
}
