/// The users that the gateway may impersonate. RBAC can't limit them before Kubernetes 1.36, so until then
/// this rule alone keeps everybody away from `system:` users.
///
/// A user must have the prefix of one issuer, and each group must be one that this very issuer's settings list.
package struct ImpersonationRule: Hashable, Sendable {
    /// Why somebody may not be impersonated, in a sentence without a full stop.
    package struct Obstacle: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String

        init(_ description: String) { self.description = description }
    }

    /// In bytes, with the prefix.
    package static let maximumLength = 256
    package static let maximumGroups = 64
    package static let emailKey = "reports.ers.dev/email"

    private struct Issuer: Hashable {
        let userPrefix: String
        /// With the prefix, in bytes: Swift's strings are equal where only their bytes differ.
        let groups: Set<[UInt8]>
    }

    private let issuers: [Issuer]

    package init(_ settings: IdentitySettings) {
        // Settings that `check` would have refused open no door either.
        let sound = settings.issuers.filter {
            IssuerSettings.isPrefix($0.usernamePrefix) && IssuerSettings.isPrefix($0.groupsPrefix)
        }
        issuers = sound.map { issuer in
            Issuer(
                userPrefix: issuer.usernamePrefix,
                groups: Set(issuer.groups.map { Array((issuer.groupsPrefix + $0).utf8) }))
        }
    }

    /// Nil where this caller may be impersonated.
    package func obstacle(user: String, groups: [String], extra: [String: [String]]) -> Obstacle? {
        guard !user.isEmpty else { return Obstacle("the user's name is empty") }
        guard user.utf8.count <= Self.maximumLength else {
            return Obstacle("the user's name is longer than \(Self.maximumLength) bytes")
        }
        guard user.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return Obstacle("the user's name has characters other than printable ASCII without spaces")
        }
        guard !Self.isOfTheSystem(user) else { return Obstacle("the user's name begins with system:") }
        guard
            let issuer = issuers.first(where: {
                !$0.userPrefix.isEmpty && user.utf8.starts(with: $0.userPrefix.utf8)
                    && user.utf8.count > $0.userPrefix.utf8.count
            })
        else { return Obstacle("the user's name has no issuer's prefix with a name behind it") }
        guard !Self.isOfTheSystem(String(user.dropFirst(issuer.userPrefix.count))) else {
            return Obstacle("the user's name begins with system: behind its prefix")
        }
        guard groups.count <= Self.maximumGroups else {
            return Obstacle("there are more than \(Self.maximumGroups) groups")
        }
        for group in groups {
            guard !Self.isOfTheSystem(group) else { return Obstacle("a group begins with system:") }
            guard Self.isText(group), issuer.groups.contains(Array(group.utf8)) else {
                return Obstacle("a group is not among those that the settings list for the user's issuer")
            }
        }
        return Self.obstacle(extra: extra)
    }

    private static func obstacle(extra: [String: [String]]) -> Obstacle? {
        for (key, values) in extra {
            guard key.utf8.elementsEqual(emailKey.utf8) else {
                return Obstacle("extra has a key other than \(emailKey)")
            }
            guard values.count == 1, isEmail(values[0]) else { return Obstacle("extra has no valid e-mail address") }
        }
        return nil
    }

    // MARK: Its words

    /// Whether a name would be one of Kubernetes' own to a reader who overlooks case, spaces, what can't be seen, and letters
    /// that only look different.
    static func isOfTheSystem(_ name: String) -> Bool {
        var folded = ""
        for scalar in name.unicodeScalars where !isInvisible(scalar) {
            switch scalar.value {
            case 0xFF01...0xFF5E: folded.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
            case 0x17F: folded.append("s")
            // Colons that aren't: small, ratio, modifier letter, Armenian, and the one for vertical text.
            case 0xFE55, 0x2236, 0xA789, 0x589, 0xFE13, 0x2D0, 0x5C3: folded.append(":")
            default: folded.unicodeScalars.append(scalar)
            }
            if folded.utf8.count > 64 { break }
        }
        return folded.lowercased().hasPrefix("system:")
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { return true }
        switch properties.generalCategory {
        case .control, .format, .nonspacingMark, .enclosingMark: return true
        default: return false
        }
    }

    /// Whether settings may list it.
    static func isGroupName(_ name: String, of issuer: IssuerSettings) -> Bool {
        !isOfTheSystem(name) && isText(issuer.groupsPrefix + name) && isText(name)
            && name.utf8.first != UInt8(ascii: " ") && name.utf8.last != UInt8(ascii: " ")
    }

    /// Whether a header can hold it and it is what it looks like.
    private static func isText(_ name: String) -> Bool {
        (1...maximumLength).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy { scalar in
                if scalar == " " { return true }
                let properties = scalar.properties
                guard !properties.isWhitespace, !properties.isDefaultIgnorableCodePoint else { return false }
                switch properties.generalCategory {
                case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                    return false
                default: return true
                }
            }
    }

    /// Enough that it can be nothing but an address: printable ASCII, one `@` with something on both sides.
    static func isEmail(_ text: String) -> Bool {
        guard text.utf8.count <= 254, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && !parts[0].isEmpty && !parts[1].isEmpty
            && !text.utf8.contains { ",;<>\"\\".utf8.contains($0) }
    }
}

extension ImpersonationRule {
    package func obstacle(to caller: Caller) -> Obstacle? {
        obstacle(user: caller.user, groups: caller.groups, extra: caller.impersonatedExtra)
    }
}

extension Caller {
    /// What the API server is told besides user and groups; only for who is impersonated.
    package var impersonatedExtra: [String: [String]] {
        email.map { [ImpersonationRule.emailKey: [$0]] } ?? [:]
    }
}
