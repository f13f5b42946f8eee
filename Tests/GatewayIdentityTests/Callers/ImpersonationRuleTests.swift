import GatewayIdentity
import Testing

@Suite struct ImpersonationRuleTests {
    private static let settings = IssuerSettings(
        name: "company", issuer: "https://id.example.com", usernamePrefix: "company:", groupsPrefix: "team:",
        groups: ["readers", "Domain Users", "caf\u{E9}"])
    private static let partner = IssuerSettings(
        name: "partner", issuer: "https://id.partner.example", usernamePrefix: "partner/", groupsPrefix: "partner/",
        groups: ["readers"])

    private func fault(_ user: String, _ groups: [String] = [], settings: IssuerSettings = settings) -> String? {
        ImpersonationRule(IdentitySettings(issuers: [settings, Self.partner]))
            .obstacle(user: user, groups: groups, extra: [:])?.description
    }

    @Test(arguments: [
        "company:ada", "company:ada@example.com", "company:c0ffee|github|12", "partner/ada", "company:partner/ada",
        "company:" + String(repeating: "a", count: 248),
    ])
    func namesOfTheIssuersPass(user: String) { #expect(fault(user) == nil) }

    static let hostile = [
        "", " ", ":", "ada", "admin", "kubernetes-admin", "company", "company:", "Company:ada", "COMPANY:ada",
        "partner:ada",
        "system:admin", "system:masters", "System:admin", "SYSTEM:MASTERS", "sYsTeM:node:a", " system:admin",
        "  company:ada", "\tsystem:admin", "\nsystem:admin", "\u{0}system:admin", "\u{200B}system:admin",
        "\u{FEFF}system:admin", "s\u{200B}ystem:admin", "\u{AD}system:admin", "\u{2060}system:admin",
        "\u{A0}system:admin",
        "\u{3000}system:admin", "\u{202E}system:admin", "ｓｙｓｔｅｍ：admin", "system\u{FF1A}admin", "s ystem:admin",
        "company:ada ", "company: ada", "company:ada\u{0}", "company:ada\n",
        "company:ada\r\nImpersonate-Group: system:masters",
        "company:ada\u{7F}", "company:ada\u{85}", "company:ada\u{9B}1m", "company:\u{1B}[31mada", "company:ada\u{200B}",
        "company:ada\u{200D}", "company:\u{202E}ada", "company:\u{2066}ada", "company:a\u{A0}da", "company:a\u{2028}da",
        "company:a\u{3164}da", "company:a\u{115F}da", "company:a\u{FE0F}", "company:a\u{E0041}", "company:a\u{E000}",
        "company:a\u{FFFF}", "company:a\u{34F}", "company:a\u{180E}", "xcompany:ada", "\u{200B}company:ada",
        "compa\u{6E}\u{303}y:ada", "company\u{FF1A}ada", "c\u{43E}mpany:ada", "company;ada",
        "company:" + String(repeating: "a", count: 249), "company:" + String(repeating: "é", count: 125),
    ]

    @Test(arguments: hostile) func otherNamesAreRefused(user: String) throws {
        let words = try #require(fault(user))
        #expect(words.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 })
    }

    @Test(arguments: hostile) func otherGroupsAreRefused(group: String) throws {
        #expect(fault("company:ada", ["team:readers", group]) != nil)
    }

    @Test func onlyListedGroupsOfTheUsersIssuerPass() {
        #expect(fault("company:ada", []) == nil)
        #expect(fault("company:ada", ["team:readers", "team:Domain Users", "team:caf\u{E9}"]) == nil)
        #expect(fault("partner/ada", ["partner/readers"]) == nil)
        for group in [
            "team:writers", "team:Readers", "team:reader", "team:readers2", "company:readers", "team:cafe\u{301}",
            "readers",
            "partner/readers",
        ] { #expect(fault("company:ada", [group]) != nil, "\(group)") }
        #expect(fault("partner/ada", ["team:readers"]) != nil)
        #expect(fault("company:ada", Array(repeating: "team:readers", count: 65)) != nil)
    }

    @Test func onlyAnAddressGoesOutBesides() {
        let rule = ImpersonationRule(IdentitySettings(issuers: [Self.settings]))
        func passes(_ extra: [String: [String]]) -> Bool {
            rule.obstacle(user: "company:ada", groups: [], extra: extra) == nil
        }
        let key = "reports.ers.dev/email"
        #expect(passes([:]) && passes([key: ["ada@example.com"]]))
        for addresses in [
            [], ["ada"], ["a@b", "a@b"], ["a@b\r\nx: y"], ["a@b@c"], ["@b"], ["a@"], [""], ["a @b"], ["a,b@c"],
        ] {
            #expect(!passes([key: addresses]), "\(addresses)")
        }
        for key in [
            "scopes", "", "Reports.ers.dev/email", "reports.ers.dev/email ", "authentication.kubernetes.io/pod-name",
        ] {
            #expect(!passes([key: ["ada@example.com"]]), "\(key)")
        }
    }

    /// Settings that their check would have refused open no door either.
    @Test(arguments: ["", "system:", "System:", "sys", "\u{200B}system:"]) func badPrefixesNameNobody(prefix: String) {
        var settings = Self.settings
        settings.usernamePrefix = prefix
        settings.groupsPrefix = prefix
        settings.groups = ["tem:masters", "masters", "system:masters"]
        for name in ["system:masters", prefix + "tem:masters"] {
            #expect(fault(name, settings: settings) != nil)
            #expect(fault("partner/ada", [name], settings: settings) != nil)
        }
    }
}
