package import FoundationEssentials

/// Keeps sessions in browsers, where nobody can read or change them.
///
/// For example:
///
///     let made = cookie.made(session)                       // set-cookie: made.header
///     let session = cookie.session(in: request.headers["cookie"], at: Date())
package struct SessionCookie: Sendable {
    package struct Made: Sendable {
        /// The value of `Set-Cookie`.
        package let header: String
        /// Whether the refresh token was too long, so that the session ends with its first token.
        package let hasLostRefreshToken: Bool
    }

    /// What browsers keep of a cookie: name, value and attributes together, in bytes.
    static let maximumLength = 4096

    package let attributes: CookieAttributes
    private let keys: CookieKeys

    package init(_ attributes: CookieAttributes, keys: CookieKeys) {
        self.attributes = attributes
        self.keys = keys
    }

    /// Nil where it is too long even without what can be left out: a cookie has no room for that many groups.
    package func made(_ session: Session) -> Made? {
        if let header = header(session) { return Made(header: header, hasLostRefreshToken: false) }
        var less = session
        less.displayName = nil
        if let header = header(less) { return Made(header: header, hasLostRefreshToken: false) }
        guard session.refreshToken != nil else { return nil }
        (less.displayName, less.refreshToken) = (session.displayName, nil)
        if let header = header(less) { return Made(header: header, hasLostRefreshToken: true) }
        less.displayName = nil
        return header(less).map { Made(header: $0, hasLostRefreshToken: true) }
    }

    /// The value of `Set-Cookie` that ends it.
    package var removal: String { attributes.header(attributes.sessionName, "", maximumAge: 0) }

    /// The session that a request comes with; nil without one, where it is over, or where it isn't of ours. Nil too where
    /// there are two: one is of somebody who wants to be taken for the other, and which that is can't be told.
    ///
    /// `headers`: the values of all headers `Cookie`.
    package func session(in headers: [String], at now: Date) -> Session? {
        var found: Session?
        // A browser may send several of one name, of which only our own open; a bounded number is tried.
        for value in CookieAttributes.values(attributes.sessionName, in: headers).prefix(4) {
            guard let data = keys.opened(value, for: .session),
                let session = try? JSONDecoder().decode(Session.self, from: data), !session.isOver(at: now)
            else { continue }
            guard let other = found else {
                found = session
                continue
            }
            guard session.id.utf8.elementsEqual(other.id.utf8) else { return nil }
            if session.refreshedAt > other.refreshedAt { found = session }
        }
        return found
    }

    /// Whether there is one at all, which a request to change something must then prove not to be somebody else's.
    package func isPresent(in headers: [String]) -> Bool {
        !CookieAttributes.values(attributes.sessionName, in: headers).isEmpty
    }

    private func header(_ session: Session) -> String? {
        guard let data = try? JSONEncoder().encode(session), let value = keys.sealed(data, for: .session) else {
            return nil
        }
        let header = attributes.header(attributes.sessionName, value)
        return header.utf8.count <= Self.maximumLength ? header : nil
    }
}
