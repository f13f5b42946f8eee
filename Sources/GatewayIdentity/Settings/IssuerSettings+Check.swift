extension IssuerSettings {
    /// Those that can be checked by a key set, by what a key must be.
    package static let knownAlgorithms = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
    ]

    /// `field`: where these settings are, such as `issuers[0]`.
    func check(_ field: String) -> [SettingsFault] {
        var faults: [SettingsFault] = []
        func need(_ isRight: Bool, _ name: String, _ value: String?, _ allowed: String) {
            let value = value.flatMap { $0.isEmpty ? nil : $0 }
            if !isRight { faults.append(SettingsFault(field: "\(field).\(name)", value: value, allowed: allowed)) }
        }
        for name in unknownFields {
            need(false, name, "this field", "one that exists; see the settings' documentation")
        }
        need(Self.isName(name), "name", name, "1 to 40 of a-z, 0-9 and -, beginning with a letter")
        need(
            ProviderAddress.isAllowed(issuer, allowInsecure: allowInsecure), "issuer", issuer,
            allowInsecure ? ProviderAddress.allowedInsecure : ProviderAddress.allowed)
        need(
            clientID.map(Self.isPlain) ?? !signIn, "clientID", clientID,
            "1 to 256 printable ASCII characters, and is required where people sign in")
        need(
            clientSecretFile.map { $0.hasPrefix("/") } ?? true, "clientSecretFile", clientSecretFile, "an absolute path"
        )
        need(caFile.map { $0.hasPrefix("/") } ?? true, "caFile", caFile, "an absolute path")
        need(
            !signIn || scopes.contains("openid"), "scopes", scopes.joined(separator: " "),
            "a list that contains openid, which sign-in needs")
        for (index, scope) in scopes.enumerated() {
            need(Self.isScope(scope), "scopes[\(index)]", scope, "printable ASCII characters except \" and \\")
        }
        need(
            !acceptedAudiences.isEmpty, "audiences", nil,
            "at least one audience of tokens, or a clientID; a token for anybody else must not pass")
        for (index, audience) in audiences.enumerated() {
            need(
                Self.isText(audience), "audiences[\(index)]", audience, "1 to 256 characters, none a control character")
        }
        need(!algorithms.isEmpty, "algorithms", nil, "at least one of \(Self.knownAlgorithms.joined(separator: ", "))")
        for (index, algorithm) in algorithms.enumerated() {
            need(
                Self.knownAlgorithms.contains(algorithm), "algorithms[\(index)]", algorithm,
                "one of \(Self.knownAlgorithms.joined(separator: ", "))")
        }
        need(Self.isText(usernameClaim), "usernameClaim", usernameClaim, "the name of a claim, such as sub or email")
        need(Self.isText(groupsClaim), "groupsClaim", groupsClaim, "the name of a claim, such as groups")
        need(Self.isPrefix(usernamePrefix), "usernamePrefix", usernamePrefix, Self.prefixAllowed)
        need(Self.isPrefix(groupsPrefix), "groupsPrefix", groupsPrefix, Self.prefixAllowed)
        need(
            groups.count <= ImpersonationRule.maximumGroups, "groups", "\(groups.count) groups",
            "a list of at most \(ImpersonationRule.maximumGroups)")
        for (index, group) in groups.enumerated() {
            need(
                ImpersonationRule.isGroupName(group, of: self), "groups[\(index)]", group,
                "a name without control characters, without spaces at its ends, not beginning with system:, and with "
                    + "its prefix at most \(ImpersonationRule.maximumLength) bytes long")
        }
        return faults
    }

    private static let prefixAllowed =
        "2 to 64 of a-z, A-Z, 0-9 and .:_/#-, ending with : / # or -, and not beginning with system:"

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 40, (0x61...0x7A).contains(first) else { return false }
        return text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "-")
        }
    }

    static func isPrefix(_ text: String) -> Bool {
        guard (2...64).contains(text.utf8.count), let last = text.last, ":/#-".contains(last) else { return false }
        let isMadeOfAllowed = text.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
                || ".:_/#-".utf8.contains($0)
        }
        return isMadeOfAllowed && !ImpersonationRule.isOfTheSystem(text)
    }

    private static func isPlain(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    private static func isScope(_ text: String) -> Bool {
        isPlain(text) && !text.utf8.contains { $0 == 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
    }

    private static func isText(_ text: String) -> Bool {
        (1...256).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    }
}
