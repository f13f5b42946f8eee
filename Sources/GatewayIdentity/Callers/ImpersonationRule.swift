internal import KubernetesModel

/// Whom the gateway may act as. RBAC knows no prefixes, so this alone keeps a provider from naming Kubernetes' own users and
/// groups, or those of another provider.
package enum ImpersonationRule {
    /// In bytes.
    package static let longestName = 253

    /// Why it may not act as them, in a sentence without a full stop that repeats none of the names; nil where it may.
    package static func fault(user: String, groups: [String], settings: IssuerSettings) -> String? {
        if let fault = fault(user, prefix: settings.usernamePrefix) { return "The user's name \(fault)" }
        for group in groups {
            if let fault = groupFault(group, prefix: settings.groupsPrefix) { return "A group's name \(fault)" }
            guard settings.groups.contains(where: { $0.isSame(as: group) }) else {
                return "A group isn't among those that are configured"
            }
        }
        return nil
    }

    /// The same of one group, listed or not; without its subject.
    static func groupFault(_ name: String, prefix: String) -> String? { fault(name, prefix: prefix) }

    private static func fault(_ name: String, prefix: String) -> String? {
        if let fault = textFault(name) { return fault }
        if isSystems(name) || isSystems(prefix) { return "begins with system:, which is Kubernetes' own" }
        guard !prefix.isEmpty, name.hasBytes(prefix) else { return "lacks its issuer's prefix" }
        guard name.utf8.count > prefix.utf8.count else { return "is nothing but its issuer's prefix" }
        // A name that follows the prefix at a distance reads like another.
        guard name.utf8.dropFirst(prefix.utf8.count).first != UInt8(ascii: " ") else {
            return "begins with a space behind its prefix"
        }
        return nil
    }

    /// What no name, and nothing else that goes out with it in a header, may have.
    static func textFault(_ text: String) -> String? {
        guard !text.isEmpty else { return "is empty" }
        guard text.utf8.count <= longestName else { return "is longer than \(longestName) bytes" }
        guard text.unicodeScalars.allSatisfy(\.isShown) else {
            return "has a character that isn't shown, such as a line's end"
        }
        guard text.utf8.first != UInt8(ascii: " "), text.utf8.last != UInt8(ascii: " ") else {
            return "begins or ends with a space"
        }
        return nil
    }

    /// Whether it would be `system:` to somebody who reads it generously: in capitals, in wide letters, or behind
    /// characters that aren't shown.
    private static func isSystems(_ name: String) -> Bool {
        var letters: [UInt32] = []
        for scalar in name.unicodeScalars where scalar.isShown && scalar != " " {
            // The wide forms of ASCII's characters, in its order.
            let value = (0xFF01...0xFF5E).contains(scalar.value) ? scalar.value - 0xFEE0 : scalar.value
            letters.append((0x41...0x5A).contains(value) ? value + 0x20 : value)
            if letters.count == 7 { break }
        }
        return letters.elementsEqual("system:".unicodeScalars.map(\.value))
    }
}

extension Unicode.Scalar {
    /// Whether people see it where it stands, or see that there is a space.
    var isShown: Bool {
        if isASCII { return (0x20...0x7E).contains(value) }
        guard !properties.isDefaultIgnorableCodePoint else { return false }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        case _: return true
        }
    }
}

extension String {
    // Swift's own comparison takes a letter with its accent and the two apart for the same; Kubernetes doesn't.
    func hasBytes(_ prefix: String) -> Bool { utf8.starts(with: prefix.utf8) }
}
