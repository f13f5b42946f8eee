/// Whose word counts when somebody says who she is.
package struct IdentitySettings: Hashable, Sendable {
    package var issuers: [IssuerSettings]
    /// What was written and isn't a setting.
    package var unknownFields: [String] = []

    package init(issuers: [IssuerSettings] = []) { self.issuers = issuers }

    package static let maximumIssuers = 16

    /// Where people can sign in, in the order in which they are offered.
    package var signInIssuers: [IssuerSettings] { issuers.filter(\.signIn) }

    /// All that is wrong; nothing where these settings may be used.
    package func check() -> [SettingsFault] {
        var faults = unknownFields.map {
            SettingsFault(field: $0, value: "this field", allowed: "one that exists; see the settings' documentation")
        }
        if issuers.count > Self.maximumIssuers {
            faults.append(
                SettingsFault(
                    field: "issuers", value: "\(issuers.count) issuers",
                    allowed: "a list of at most \(Self.maximumIssuers)"))
        }
        for (index, issuer) in issuers.enumerated() { faults += issuer.check("issuers[\(index)]") }
        faults += repeated("name", \.name) + repeated("issuer", \.issuer)
        faults += overlapping("usernamePrefix", \.usernamePrefix) + overlapping("groupsPrefix", \.groupsPrefix)
        return faults
    }

    private func repeated(_ name: String, _ value: KeyPath<IssuerSettings, String>) -> [SettingsFault] {
        issuers.indices.compactMap { index in
            let text = issuers[index][keyPath: value]
            guard !text.isEmpty, let other = issuers[..<index].firstIndex(where: { $0[keyPath: value] == text }) else {
                return nil
            }
            return SettingsFault(
                field: "issuers[\(index)].\(name)", value: text, allowed: "another than issuers[\(other)].\(name)")
        }
    }

    /// One whose prefix begins like another's could name the other's people.
    private func overlapping(_ name: String, _ value: KeyPath<IssuerSettings, String>) -> [SettingsFault] {
        issuers.indices.compactMap { index in
            let text = issuers[index][keyPath: value].lowercased()
            let other = issuers[..<index].firstIndex {
                let other = $0[keyPath: value].lowercased()
                return !other.isEmpty && (text.hasPrefix(other) || other.hasPrefix(text))
            }
            guard !text.isEmpty, let other else { return nil }
            return SettingsFault(
                field: "issuers[\(index)].\(name)", value: issuers[index][keyPath: value],
                allowed: "one of its own: neither it nor issuers[\(other)].\(name) "
                    + "(\"\(issuers[other][keyPath: value])\") may begin with the other")
        }
    }
}

extension IdentitySettings: Decodable {
    private enum Field: String, CaseIterable, CodingKey {
        case issuers
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Field.self)
        self.init(issuers: try values.decodeIfPresent([IssuerSettings].self, forKey: .issuers) ?? [])
        unknownFields = try UnknownFields.of(decoder, known: Field.allCases.map(\.rawValue))
    }
}
