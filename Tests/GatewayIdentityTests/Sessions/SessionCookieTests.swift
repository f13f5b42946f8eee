import Foundation
import Testing

@testable import GatewayIdentity

@Suite struct SessionCookieTests {
    static let start = Date(timeIntervalSince1970: 1_800_000_000)
    private static let secret = Data(String(repeating: "k", count: 32).utf8)
    private static let older = Data(String(repeating: "o", count: 40).utf8)

    private let url: PublicURL
    private let keys: CookieKeys
    private let cookie: SessionCookie

    init() throws {
        url = try .of("https://reports.example.com")
        keys = try CookieKeys([Self.secret], of: url)
        cookie = SessionCookie(CookieAttributes(url), keys: keys)
    }

    static func session(
        id: String = "one", groups: [String] = ["team:readers"], name: String? = "Ada Lovelace",
        refreshToken: String? = "refresh", life: TimeInterval = 3600
    ) -> Session {
        Session(
            id: id, issuer: "company", user: "company:ada", groups: groups, email: "ada@example.com", displayName: name,
            startedAt: start, refreshedAt: start, tokenEndsAt: start + life, refreshToken: refreshToken)
    }

    private func pair(_ header: String) -> String { String(header.prefix { $0 != ";" }) }

    private func made(_ session: Session, _ secrets: [Data] = [secret]) throws -> String {
        let cookie = SessionCookie(CookieAttributes(url), keys: try CookieKeys(secrets, of: url))
        return pair(try #require(cookie.made(session)).header)
    }

    private func opened(_ pair: String, _ secrets: [Data] = [secret]) throws -> Session? {
        SessionCookie(CookieAttributes(url), keys: try CookieKeys(secrets, of: url)).session(in: [pair], at: Self.start)
    }

    @Test func aSessionComesBackAsItWas() throws {
        let made = try #require(cookie.made(Self.session()))
        #expect(!made.hasLostRefreshToken)
        #expect(cookie.session(in: [pair(made.header)], at: Self.start) == Self.session())
        for text in ["ada", "refresh", "readers"] { #expect(!made.header.contains(text)) }
        // A nonce of its own each time.
        #expect(try self.made(Self.session()) != self.made(Self.session()))
    }

    @Test func attributesKeepItFromOthers() throws {
        let header = try #require(cookie.made(Self.session())).header
        #expect(header.hasPrefix("__Host-report-session="))
        #expect(header.hasSuffix("; Path=/; HttpOnly; Secure; SameSite=Lax"))
        #expect(
            SessionCookie(CookieAttributes(url), keys: keys).removal
                == "__Host-report-session=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0")
        #expect(
            SessionCookie(CookieAttributes(url, isPartitioned: true), keys: keys).removal
                == "__Host-report-session-in-frame=; Path=/; HttpOnly; Secure; SameSite=None; Partitioned; Max-Age=0")
    }

    /// No host beside ours can put a cookie of such a name into a browser, whatever path we stand under.
    @Test(arguments: [
        ("https://a.example.com", "__Host-report-session=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0"),
        ("https://a.example.com/", "__Host-report-session=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0"),
        (
            "https://a.example.com/reports",
            "__Host-report-session.reports=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0"
        ),
        (
            "https://a.example.com/in/re-ports/",
            "__Host-report-session.in!re-ports=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0"
        ),
        // Tests on loopback alone.
        ("http://127.0.0.1:8080", "report-session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"),
        ("http://localhost/reports", "report-session.reports=; Path=/reports; HttpOnly; SameSite=Lax; Max-Age=0"),
    ])
    func thePublicAddressDecides(address: String, removal: String) throws {
        let attributes = CookieAttributes(try .of(address))
        #expect(SessionCookie(attributes, keys: keys).removal == removal)
    }

    /// Of a gateway for trials, say, that has the same secrets.
    @Test(arguments: [
        "https://reports.example.com/trial", "https://trial.example.com", "http://127.0.0.1",
        "https://reports.example.com:8443",
    ])
    func whatAnotherGatewaySealsIsNothingHere(address: String) throws {
        let other = try CookieKeys([Self.secret], of: .of(address))
        let theirs = try #require(SessionCookie(CookieAttributes(url), keys: other).made(Self.session())).header
        #expect(cookie.session(in: [pair(theirs)], at: Self.start) == nil)
        #expect(!CSRFToken(keys: keys).isRight(CSRFToken(keys: other).text(for: Self.session()), for: Self.session()))
    }

    /// Somebody who gets a session of her own into another's browser isn't taken for her, nor she for somebody.
    @Test func twoSessionsAreNone() throws {
        let (hers, planted) = (try made(Self.session()), try made(Self.session(id: "planted")))
        for cookies in [[hers, planted], [planted, hers], [hers + "; " + planted]] {
            #expect(cookie.session(in: cookies, at: Self.start) == nil)
        }
        // One that is over is none, and of one that was refreshed the newer counts.
        let over = try made(Self.session(id: "planted", life: 1))
        #expect(cookie.session(in: [over, hers], at: Self.start + 2)?.id == "one")
        var longer = Self.session(refreshToken: "next")
        longer.refreshedAt = Self.start + 1
        for cookies in [[hers, try made(longer)], [try made(longer), hers]] {
            #expect(cookie.session(in: cookies, at: Self.start + 2)?.refreshToken == "next")
        }
    }

    @Test func severalCookiesAreRead() throws {
        let made = try made(Self.session())
        let other = try self.made(Self.session(id: "other"), [Self.older])
        let quoted = made.replacing("=", with: "=\"", maxReplacements: 1) + "\""
        for headers in [
            ["theme=dark; \(made)"], ["\(made);theme=dark"], ["a=b", made], ["  \(made) ; x"], ["x\(made); \(made)"],
            ["\(other); \(made)"], ["__Host-report-session=; \(made)"], ["=; ;;\(made)"], [quoted],
        ] { #expect(cookie.session(in: headers, at: Self.start)?.id == "one", "\(headers)") }
        for headers in [[], [""], [other], ["report-session=a"], ["x" + made], ["__host" + made.dropFirst(6)]] {
            #expect(cookie.session(in: headers, at: Self.start) == nil)
        }
        #expect(cookie.isPresent(in: ["a=b; \(other)"]) && !cookie.isPresent(in: ["a=b"]))
        // Nobody has the server open thousands.
        let many = Array(repeating: other, count: 20).joined(separator: "; ")
        #expect(cookie.session(in: ["\(many); \(made)"], at: Self.start) == nil)
    }

    @Test func whatWasChangedDoesntOpen() throws {
        let value = String(try made(Self.session()).split(separator: "=")[1])
        let data = try #require(Base64URL.data(value))
        for index in [0, 11, 12, 40, data.count - 17, data.count - 16, data.count - 1] {
            var changed = data
            changed[index] ^= 1
            #expect(try opened("__Host-report-session=" + Base64URL.text(changed)) == nil)
        }
        let others = [
            String(value.dropLast()), value + "A", value + "=", "", "a", String(repeating: "A", count: 10_000),
        ]
        for text in others { #expect(try opened("__Host-report-session=\(text)") == nil) }
    }

    @Test func anotherPurposeDoesntOpen() throws {
        let data = try JSONEncoder().encode(Self.session())
        let sealed = try #require(keys.sealed(data, for: .signIn))
        #expect(try opened("__Host-report-session=\(sealed)") == nil)
        #expect(keys.opened(sealed, for: .signIn) == data && keys.opened(sealed, for: .session) == nil)
    }

    @Test func keysRotate() throws {
        let old = try made(Self.session(), [Self.older])
        #expect(try opened(old, [Self.secret, Self.older]) != nil)
        let new = try made(Self.session(), [Self.secret, Self.older])
        #expect(try opened(new, [Self.secret]) != nil && opened(new, [Self.older]) == nil)
        #expect(try opened(old, [Self.secret]) == nil)
    }

    @Test func weakKeysAreFaults() throws {
        for secrets in [[], [Data()], [Data(repeating: 1, count: 31)], [Self.secret, Data("short\n".utf8)]] {
            #expect(throws: CookieKeys.Fault.self) { try CookieKeys(secrets, of: url) }
        }
        // With and without the line's end that editors leave.
        #expect(try opened(made(Self.session()), [Self.secret + Data("\r\n".utf8)]) != nil)
    }

    @Test func sessionsEnd() throws {
        let short = try made(Self.session(life: 600))
        #expect(cookie.session(in: [short], at: Self.start + 599) != nil)
        #expect(cookie.session(in: [short], at: Self.start + 600) == nil)
        // Ten hours after the sign-in, whatever its token says.
        let long = try made(Self.session(life: 86_400))
        #expect(cookie.session(in: [long], at: Self.start + 35_999) != nil)
        #expect(cookie.session(in: [long], at: Self.start + 36_000) == nil)
        #expect(cookie.session(in: [long], at: Self.start - 60) == nil)
        #expect(Self.session(life: 86_400).caller.expiresAt == Self.start + 36_000)
    }

    @Test func itIsRefreshedShortlyBeforeItsEnd() {
        let session = Self.session()
        #expect(!session.needsRefresh(at: Self.start + 3299) && session.needsRefresh(at: Self.start + 3300))
        let short = Self.session(life: 60)
        #expect(!short.needsRefresh(at: Self.start + 44) && short.needsRefresh(at: Self.start + 45))
        #expect(!Self.session(refreshToken: nil).needsRefresh(at: Self.start + 3599))
        #expect(!Self.session(life: 86_400).needsRefresh(at: Self.start + 35_999))
    }

    @Test func whatDoesntFitIsLeftOutInOrder() throws {
        func session(_ refresh: Int, _ groups: [String] = [], _ name: String? = nil) -> Session {
            Self.session(groups: groups, name: name, refreshToken: String(repeating: "r", count: refresh))
        }
        var longest = 3000
        while cookie.made(session(longest))?.hasLostRefreshToken != false { longest -= 1 }
        #expect(longest > 2400)
        let whole = try #require(cookie.made(session(longest)))
        #expect(whole.header.utf8.count <= 4096)
        // First the name goes, which is for people alone.
        let nameless = try #require(cookie.made(session(longest, [], "Ada")))
        #expect(!nameless.hasLostRefreshToken)
        let read = try #require(cookie.session(in: [pair(nameless.header)], at: Self.start))
        #expect(read.displayName == nil && read.canBeRefreshed)
        // Then the refresh token, and the caller is told.
        let groups = (0..<41).map { "team:a-group-of-a-usual-name-\($0)" }
        let lost = try #require(cookie.made(session(longest, groups, "Ada")))
        #expect(lost.hasLostRefreshToken && lost.header.utf8.count <= 4096)
        let kept = try #require(cookie.session(in: [pair(lost.header)], at: Self.start))
        #expect(kept.groups == groups && !kept.canBeRefreshed && kept.displayName == "Ada")
        // Rights are never left out.
        #expect(cookie.made(session(10, (0..<200).map { "team:a-group-of-a-usual-name-\($0)" })) == nil)
    }

    @Test func logsShowNothingThatOpens() {
        for text in ["\(Self.session())", String(reflecting: Self.session())] {
            #expect(text == "session of company:ada")
        }
    }

    @Test func theCSRFTokenIsTheSessions() throws {
        let csrf = CSRFToken(keys: keys)
        let text = csrf.text(for: Self.session())
        #expect(text.count == 43 && csrf.isRight(text, for: Self.session()))
        // One for all tabs, refreshed or not.
        #expect(csrf.text(for: Self.session(refreshToken: "next")) == text)
        #expect(!csrf.isRight(text, for: Self.session(id: "two")))
        for wrong in [nil, "", "one", String(text.dropLast()), text + "A", text.uppercased(), "\(text) "] {
            #expect(!csrf.isRight(wrong, for: Self.session()))
        }
        #expect(CSRFToken(keys: try CookieKeys([Self.older, Self.secret], of: url)).isRight(text, for: Self.session()))
        #expect(!CSRFToken(keys: try CookieKeys([Self.older], of: url)).isRight(text, for: Self.session()))
    }
}
