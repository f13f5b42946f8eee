extension IdentitySettings {
    /// What is wrong, each as field, value and what is allowed; without any it can be used.
    package func faults() -> [String] {
        var faults: [String] = []
        for (index, issuer) in issuers.enumerated() {
            let field = "issuers[\(index)]"
            faults += issuer.faults(allowInsecure: allowInsecure).map { "\(field).\($0)" }
            for (other, earlier) in issuers[..<index].enumerated() {
                faults += issuer.clashes(with: earlier, called: "issuers[\(other)]").map { "\(field).\($0)" }
            }
        }
        return faults
    }
}

extension IssuerSettings {
    fileprivate func faults(allowInsecure: Bool) -> [String] {
        var faults: [String] = []
        func check(_ field: String, _ value: String, isGood: Bool, allowed: String) {
            if !isGood { faults.append("\(field): \(quoted(value)) isn't allowed; it must be \(allowed)") }
        }
        check("name", name, isGood: isLabel(name), allowed: "1 to 63 of a to z, 0 to 9 and -")
        let urlFault = WebAddress.fault(issuer, allowInsecure: allowInsecure)
        check("issuer", issuer, isGood: urlFault == nil, allowed: urlFault ?? "")
        check(
            "issuer", issuer, isGood: !issuer.contains { $0 == "?" || $0 == "#" }, allowed: "without query and fragment"
        )
        for (field, value) in [
            ("clientID", clientID), ("clientSecretFile", clientSecretFile), ("caFile", caFile),
            ("usernameClaim", usernameClaim), ("groupsClaim", groupsClaim),
        ] {
            check(field, value ?? "", isGood: value != "", allowed: "a text, or left out")
        }
        check(
            "clientID", clientID ?? "", isGood: clientID != nil || !signIn && clientSecretFile == nil,
            allowed: "set where people sign in")
        check(
            "scopes", scopes.joined(separator: " "), isGood: !signIn || scopes.contains("openid"),
            allowed: "a list with openid in it")
        check(
            "audiences", audiences.joined(separator: ", "), isGood: !audiences.isEmpty && !audiences.contains(""),
            allowed: "at least one, none of them empty")
        let known = Self.knownAlgorithms.joined(separator: ", ")
        check("algorithms", "", isGood: !algorithms.isEmpty, allowed: "some of \(known)")
        for (index, algorithm) in algorithms.enumerated() {
            let isKnown = Self.knownAlgorithms.contains(algorithm)
            check("algorithms[\(index)]", algorithm, isGood: isKnown, allowed: "one of \(known)")
        }
        for (field, prefix) in [("usernamePrefix", usernamePrefix), ("groupsPrefix", groupsPrefix)] {
            check(field, prefix, isGood: isPrefix(prefix), allowed: Self.prefixForm)
        }
        for (index, group) in groups.enumerated() {
            let fault = ImpersonationRule.groupFault(group, prefix: groupsPrefix)
            check(
                "groups[\(index)]", group, isGood: fault == nil,
                allowed: fault.map { "a name that can pass: \($0)" } ?? "")
        }
        return faults
    }

    private static let prefixForm =
        "1 to 63 visible characters of ASCII that neither begin with system: nor could become it, such as company:"

    /// Of two issuers that would speak of the same people.
    fileprivate func clashes(with other: IssuerSettings, called: String) -> [String] {
        var faults: [String] = []
        if name == other.name { faults.append("name: \(quoted(name)) isn't allowed; \(called).name is the same") }
        // Some providers are known with and without a slash at the end.
        if issuer.withoutSlash == other.issuer.withoutSlash {
            faults.append("issuer: \(quoted(issuer)) isn't allowed; \(called).issuer is the same")
        }
        for (field, own, others) in [
            ("usernamePrefix", usernamePrefix, other.usernamePrefix),
            ("groupsPrefix", groupsPrefix, other.groupsPrefix),
        ] where !own.isEmpty && !others.isEmpty && (own.hasBytes(others) || others.hasBytes(own)) {
            let allowed = "neither may begin with the other, or one provider's people could pass as the other's"
            faults.append(
                "\(field): \(quoted(own)) isn't allowed beside \(called).\(field) \(quoted(others)); \(allowed)")
        }
        return faults
    }

    private func isLabel(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    private func isPrefix(_ text: String) -> Bool {
        guard (1...63).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return false
        }
        // With `sys` as its prefix a provider could call somebody `tem:admin`.
        let lower = text.lowercased()
        return !lower.hasPrefix("system:") && !"system:".hasPrefix(lower)
    }

    private func quoted(_ text: String) -> String {
        "\"\(String(String.UnicodeScalarView(text.unicodeScalars.prefix(100).map { $0.isShown ? $0 : "\u{FFFD}" })))\""
    }
}

extension String {
    fileprivate var withoutSlash: Substring { hasSuffix("/") ? dropLast() : self[...] }
}
