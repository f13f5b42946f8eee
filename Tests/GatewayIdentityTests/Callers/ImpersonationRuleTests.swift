import GatewayIdentity
import Testing

@Suite struct ImpersonationRuleTests {
    private static let settings = IssuerSettings(
        name: "company", issuer: "https://id.example.com", audiences: ["reports"], usernamePrefix: "company:",
        groupsPrefix: "team:", groups: ["team:readers", "team:Domain Users", "team:caf\u{E9}"])

    private func fault(_ user: String, _ groups: [String] = []) -> String? {
        ImpersonationRule.fault(user: user, groups: groups, settings: Self.settings)
    }

    @Test(arguments: [
        "company:ada", "company:ada@example.com", "company:Ada Lovelace", "company:c0ffee|github|12",
        "company:Ærøskøbing",
        "company:李", "company:system:masters", "company:" + String(repeating: "a", count: 245),
    ])
    func namesOfTheIssuerPass(user: String) { #expect(fault(user) == nil) }

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
        "company:" + String(repeating: "a", count: 246), "company:" + String(repeating: "é", count: 123),
    ]

    @Test(arguments: hostile) func otherNamesAreRefused(user: String) throws {
        let words = try #require(fault(user))
        #expect(words.hasPrefix("The user's name "))
        #expect(words.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 })
    }

    @Test(arguments: hostile) func otherGroupsAreRefused(group: String) throws {
        #expect(fault("company:ada", ["team:readers", group]) != nil)
        // Neither does it help an operator to list them by mistake.
        var settings = Self.settings
        settings.groups.append(group)
        #expect(ImpersonationRule.fault(user: "company:ada", groups: [group], settings: settings) != nil)
    }

    @Test func onlyListedGroupsPass() {
        #expect(fault("company:ada", []) == nil)
        #expect(fault("company:ada", ["team:readers", "team:Domain Users", "team:caf\u{E9}"]) == nil)
        for group in [
            "team:writers", "team:Readers", "team:reader", "team:readers2", "company:readers", "team:cafe\u{301}",
        ] {
            #expect(fault("company:ada", [group]) != nil, "\(group)")
        }
    }

    /// Settings that `faults` would have refused open no door either.
    @Test(arguments: ["", "system:", "System:", "sys", "\u{200B}system:"]) func badPrefixesNameNobody(prefix: String) {
        var settings = Self.settings
        settings.usernamePrefix = prefix
        settings.groupsPrefix = prefix
        settings.groups = [prefix + "tem:masters", prefix + "masters", "system:masters"]
        for name in ["system:masters", prefix + "masters", prefix + "tem:masters"]
        where prefix != "sys" || name != "sysmasters" {
            #expect(ImpersonationRule.fault(user: name, groups: [], settings: settings) != nil)
            #expect(ImpersonationRule.fault(user: "company:ada", groups: [name], settings: settings) != nil)
        }
    }
}
