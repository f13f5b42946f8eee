/// What only our own page knows of a session: a page of somebody else's can have a browser send the cookie, and can't read
/// this.
package struct CSRFToken: Sendable {
    private let keys: CookieKeys

    package init(keys: CookieKeys) { self.keys = keys }

    /// The same for all of a session, so that several tabs may have it.
    package func text(for session: Session) -> String { Base64URL.text(keys.code(of: session.id, for: .csrf)) }

    /// In constant time.
    package func isRight(_ text: String?, for session: Session) -> Bool {
        guard let text, text.utf8.count <= 64, let code = Base64URL.data(text) else { return false }
        return keys.isCode(code, of: session.id, for: .csrf)
    }
}
