package import FoundationEssentials

/// Somebody who has signed in, as her sealed cookie says it. The server keeps nothing.
package struct Session: Hashable, Sendable {
    /// Another at each sign-in.
    package let id: String
    /// The issuer's name in the settings.
    package let issuer: String
    package let user: String
    package let groups: [String]
    package let email: String?
    package var displayName: String?
    /// Of the sign-in.
    package let startedAt: Date
    /// When the issuer's word was last asked for.
    var refreshedAt: Date
    /// The end of the issuer's word, unless it is asked again before.
    package internal(set) var tokenEndsAt: Date
    var refreshToken: String?

    /// However often it is refreshed.
    package static let longest: TimeInterval = 10 * 3600

    /// When it ends, unless it is refreshed before.
    package var endsAt: Date { min(tokenEndsAt, startedAt + Self.longest) }

    package func isOver(at now: Date) -> Bool { now >= endsAt || now < startedAt - TokenCheck.leeway }

    /// Five minutes before the end, or at three quarters of what is short; never where nothing would come of it.
    package func needsRefresh(at now: Date) -> Bool {
        guard refreshToken != nil, tokenEndsAt < startedAt + Self.longest else { return false }
        let life = tokenEndsAt.timeIntervalSince(refreshedAt)
        return tokenEndsAt.timeIntervalSince(now) <= min(300, max(0, life) / 4)
    }

    package var canBeRefreshed: Bool { refreshToken != nil }

    package var caller: Caller {
        Caller(
            user: user, groups: groups, email: email, displayName: displayName, evidence: .session, expiresAt: endsAt)
    }
}

extension Session: CustomStringConvertible, CustomDebugStringConvertible {
    /// Without what opens anything.
    package var description: String { "session of \(user)" }
    package var debugDescription: String { description }
}

extension Session: Codable {
    // Short, since a cookie holds 4096 bytes.
    private enum CodingKeys: String, CodingKey {
        case id = "i"
        case issuer = "o"
        case user = "u"
        case groups = "g"
        case email = "e"
        case displayName = "n"
        case startedAt = "s"
        case refreshedAt = "f"
        case tokenEndsAt = "t"
        case refreshToken = "r"
    }
}
