import Crypto
import Foundation
import LoopbackSupport
import Testing

@testable import GatewayIdentity

@Suite struct SignInTests {
    private let provider: CodeFlowProvider
    private let signIn: SignIn

    init() throws {
        provider = try CodeFlowProvider()
        signIn = try provider.signIn()
    }

    /// The callback's query and the browser's cookie after the provider's page.
    private func begun(
        _ path: String? = "/runs", _ signIn: SignIn? = nil
    ) async throws -> (query: String, cookie: String) {
        let beginning = try await (signIn ?? self.signIn).begin(issuer: nil, returnPath: path).get()
        return (provider.authorize(beginning.location), String(beginning.cookie.prefix { $0 != ";" }))
    }

    private func fault<Success>(_ result: Result<Success, SignInFault>) throws -> SignInFault {
        guard case .failure(let fault) = result else { throw DeadlineExceeded(description: "it went well") }
        for secret in provider.secrets { #expect(!fault.words.contains(secret)) }
        return fault
    }

    @Test func aSignInGivesASession() async throws {
        let (query, cookie) = try await begun()
        let done = try await signIn.finish(query: query, cookies: ["a=b; \(cookie)"]).get()
        #expect(done.returnPath == "/runs")
        #expect(done.session.user == "company:ada" && done.session.groups == ["team:readers"])
        #expect(done.session.email == "ada@example.com" && done.session.displayName == "Ada")
        #expect(done.session.endsAt == provider.now + 600 && done.session.canBeRefreshed)
        #expect(done.session.caller.evidence == .session)
        let asked = try #require(provider.tokenRequests.first)
        #expect(asked.header("Authorization") == "Basic " + Data("reports:s%2Bcret%20".utf8).base64EncodedString())
        let fields = try #require(FormText.fields(asked.text))
        #expect(fields["grant_type"] == "authorization_code" && fields["redirect_uri"] == signIn.redirectURI)
        #expect(fields["client_secret"] == nil && fields["client_id"] == nil)
        // PKCE: what the page was sent is the digest of what is shown now.
        let verifier = try #require(fields["code_verifier"])
        #expect(provider.asked["code_challenge"] == Base64URL.text(SHA256.hash(data: Data(verifier.utf8))))
        #expect(provider.asked["code_challenge_method"] == "S256")
    }

    @Test func thePageIsAskedForWhatIsSet() async throws {
        let beginning = try await signIn.begin(issuer: "company", returnPath: nil).get()
        _ = provider.authorize(beginning.location)
        #expect(beginning.location.hasPrefix(provider.issuer + "/authorize?"))
        #expect(provider.asked["response_type"] == "code" && provider.asked["client_id"] == "reports")
        #expect(provider.asked["redirect_uri"] == "https://reports.example.com/r/auth/callback")
        #expect(provider.asked["scope"] == "openid profile email")
        #expect(provider.asked["state"]?.count == 43 && provider.asked["nonce"]?.count == 43)
        #expect(beginning.cookie.hasPrefix("__Host-report-sign-in.r="))
        #expect(beginning.cookie.hasSuffix("; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=600"))
        #expect(signIn.removal == "__Host-report-sign-in.r=; Path=/; HttpOnly; Secure; SameSite=Lax; Max-Age=0")
        for name in ["state", "nonce"] {
            #expect(!beginning.cookie.contains(try #require(provider.asked[name])))
        }
    }

    @Test func unknownIssuersAreNone() async throws {
        #expect(try fault(await signIn.begin(issuer: "other", returnPath: nil)).kind == .unknownIssuer)
        let programs = try provider.signIn { $0.signIn = false }
        #expect(try fault(await programs.begin(issuer: "company", returnPath: nil)).kind == .unknownIssuer)
        #expect(programs.issuerNames == [] && signIn.issuerNames == ["company"])
    }

    @Test func theReturnPathIsOurs() async throws {
        let (query, cookie) = try await begun("//evil.example")
        #expect(try await signIn.finish(query: query, cookies: [cookie]).get().returnPath == "/")
    }

    /// Nobody puts her own session into another's browser, and none outlives a sign-in.
    @Test func eachSignInIsASessionOfItsOwn() async throws {
        var ids: Set<String> = []
        for _ in 0..<3 {
            let (query, cookie) = try await begun()
            ids.insert(try await signIn.finish(query: query, cookies: [cookie]).get().session.id)
        }
        #expect(ids.count == 3 && ids.allSatisfy { $0.count == 43 })
        let (query, _) = try await begun()
        let (_, other) = try await begun()
        for cookies in [[], [other], ["__Host-report-sign-in.r=AAAA"]] {
            #expect(try fault(await signIn.finish(query: query, cookies: cookies)).kind == .stale)
        }
        #expect(provider.tokenRequests.count == 3)
    }

    @Test func aSignInIsGoodForTenMinutes() async throws {
        let (query, cookie) = try await begun()
        provider.pass(599)
        _ = try await signIn.finish(query: query, cookies: [cookie]).get()
        let late = try await begun()
        provider.pass(600)
        #expect(try fault(await signIn.finish(query: late.query, cookies: [late.cookie])).kind == .stale)
    }

    @Test func aCodeCountsOnce() async throws {
        let (query, cookie) = try await begun()
        _ = try await signIn.finish(query: query, cookies: [cookie]).get()
        #expect(try fault(await signIn.finish(query: query, cookies: [cookie])).kind == .stale)
    }

    @Test(arguments: [
        "", "code=a", "state=", "state=a&state=b&code=c", "code=%zz", "state=%FF&code=a", "=", "&&", "code", "%",
    ])
    func aBrokenCallbackIsStale(query: String) async throws {
        let (_, cookie) = try await begun()
        #expect(try fault(await signIn.finish(query: query, cookies: [cookie])).kind == .stale)
        #expect(provider.tokenRequests.isEmpty)
    }

    @Test func theProvidersNoIsSaidClearly() async throws {
        for (code, kind) in [
            ("access_denied", SignInFault.Kind.refused), ("login_required", .stale), ("server_error", .providerAway),
            ("invalid_scope", .misconfigured), ("<script>", .refused),
        ] {
            let (query, cookie) = try await begun()
            let state = try #require(FormText.fields(query)?["state"])
            let answer = FormText.encoded([
                ("state", state), ("error", code), ("error_description", "call 555-1234 now"),
            ])
            let fault = try fault(await signIn.finish(query: answer, cookies: [cookie]))
            #expect(fault.kind == kind)
            #expect(!fault.words.contains("555") && !fault.words.contains("<"))
        }
        // Who didn't begin isn't told either.
        #expect(try fault(await signIn.finish(query: "error=access_denied&state=a", cookies: [])).kind == .stale)
        #expect(provider.tokenRequests.isEmpty)
    }

    @Test func theAnswerIsOfWhomWeAsked() async throws {
        let (query, cookie) = try await begun()
        let foreign = query + "&iss=https%3A%2F%2Fevil.example"
        #expect(try fault(await signIn.finish(query: foreign, cookies: [cookie])).kind == .stale)
        let right = query + "&" + FormText.encoded([("iss", provider.issuer)])
        _ = try await signIn.finish(query: right, cookies: [cookie]).get()
    }

    @Test func anIDTokenOfSomebodyElseIsNone() async throws {
        let foreign: [[String: Any?]] = [
            ["nonce": "other"], ["nonce": nil], ["aud": "api"], ["aud": ["reports", "api"]],
            ["aud": ["reports", "api"], "azp": "api"], ["azp": "api"], ["iss": "https://evil.example"],
            ["exp": 1_799_999_000], ["sub": nil], ["sub": "a\nb"],
        ]
        for changes in foreign {
            provider.change { $0.claims = changes.mapValues(AnySendable.init) }
            let (query, cookie) = try await begun()
            let fault = try fault(await signIn.finish(query: query, cookies: [cookie]))
            #expect(fault.kind == .misconfigured || fault.kind == .refused, "\(changes)")
        }
        provider.change {
            $0.claims = [:]
            $0.algorithm = "none"
        }
        let (query, cookie) = try await begun()
        #expect(try fault(await signIn.finish(query: query, cookies: [cookie])).kind == .misconfigured)
    }

    @Test func aProviderThatIsAwaySaysSo() async throws {
        let (query, cookie) = try await begun()
        provider.change { $0.isAway = true }
        #expect(try fault(await signIn.finish(query: query, cookies: [cookie])).kind == .providerAway)
        let other = try provider.signIn()
        #expect(try fault(await other.begin(issuer: nil, returnPath: nil)).kind == .providerAway)
    }

    @Test func aSecretThatCantBeReadIsTheRunnersToMend() async throws {
        let other = try provider.signIn { $0.clientSecretFile = "/nonexistent/secret" }
        let (query, cookie) = try await begun("/", other)
        #expect(try fault(await other.finish(query: query, cookies: [cookie])).kind == .misconfigured)
    }

    @Test func aPublicClientNamesItself() async throws {
        let other = try provider.signIn { $0.clientSecretFile = nil }
        let (query, cookie) = try await begun("/", other)
        _ = try await other.finish(query: query, cookies: [cookie]).get()
        let asked = try #require(provider.tokenRequests.last)
        #expect(asked.header("Authorization") == nil && FormText.fields(asked.text)?["client_id"] == "reports")
    }

    @Test func signOutLeadsToTheProvider() async throws {
        let (query, cookie) = try await begun()
        let session = try await signIn.finish(query: query, cookies: [cookie]).get().session
        let home = "https%3A%2F%2Freports.example.com%2Fr%2F"
        #expect(
            await signIn.endSessionURL(session)
                == "\(provider.issuer)/end?client_id=reports&post_logout_redirect_uri=\(home)")
    }
}
