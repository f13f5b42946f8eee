import FoundationEssentials
import GatewayIdentity
import LoopbackSupport
import ServiceSupport
import Testing

/// Against a real provider (glewlwyd).
@Suite(.serialized) struct SignInTests {
    private func kind<Success>(_ result: Result<Success, SignInFault>) -> SignInFault.Kind? {
        if case .failure(let fault) = result { fault.kind } else { nil }
    }

    @Test func peopleSignIn() async throws {
        try await SignInBed.with("sign-in") { bed in
            let (location, cookie) = try await bed.begin("/runs?mine")
            let query = try await bed.query("ada", at: location)
            let done = try await bed.signIn.finish(query: query, cookies: [cookie]).get()
            #expect(done.returnPath == "/runs?mine")
            #expect(done.session.user.hasPrefix("company:") && done.session.user.count > 16)
            #expect(done.session.groups == ["team:finance"])
            #expect(done.session.email == "ada@example.com" && done.session.displayName == "Ada Lovelace")
            #expect(done.session.canBeRefreshed && done.session.endsAt > Date() + 3000)
            let again = try await bed.session(of: "ada")
            #expect(again.user == done.session.user && again.id != done.session.id)
            let bob = try await bed.session(of: "bob")
            #expect(bob.groups == [] && bob.user != again.user)
            // What the settings don't list isn't there for her either.
            #expect(try await bed.session(of: "mallory").groups == [])
            let end = try #require(await bed.signIn.endSessionURL(bob))
            #expect(end.contains("client_id=report-gateway"))
        }
    }

    @Test func codesCountOnceAndForWhoAskedForThem() async throws {
        try await SignInBed.with("codes") { bed in
            let (location, cookie) = try await bed.begin()
            let query = try await bed.query("ada", at: location)
            _ = try await bed.signIn.finish(query: query, cookies: [cookie]).get()
            #expect(kind(await bed.signIn.finish(query: query, cookies: [cookie])) == .stale)
            // Another's code, brought to a browser that began by itself: the verifier doesn't fit.
            let (hers, _) = try await bed.begin()
            let (mine, ownCookie) = try await bed.begin()
            let stolen = try await bed.query("ada", at: hers)
            let own = try await bed.query("mallory", at: mine)
            let code = try #require(stolen.split(separator: "&").first { $0.hasPrefix("code=") })
            let mixed = own.split(separator: "&").map { $0.hasPrefix("code=") ? code : $0 }.joined(separator: "&")
            #expect(kind(await bed.signIn.finish(query: mixed, cookies: [ownCookie])) == .stale)
        }
    }

    @Test func sessionsAreRefreshed() async throws {
        try await SignInBed.with("refresh") { bed in
            let session = try await bed.session(of: "ada")
            let next = try await bed.signIn.refresh(session).get()
            #expect(next.id == session.id && next.user == session.user && next.groups == session.groups)
            #expect(next.endsAt >= session.endsAt && next != session)
            // Its token was used; another replica doesn't know what came of it.
            #expect(kind(await (try bed.anotherSignIn()).refresh(session)) == .ended)
        }
    }

    @Test func keysRotate() async throws {
        try await SignInBed.with("rotation") { bed in
            let before = try await bed.session(of: "ada")
            try await bed.services.rotateKeys()
            // A key that nobody knew a minute ago.
            bed.pass(.seconds(60))
            #expect(try await bed.session(of: "ada").user == before.user)
        }
    }

    @Test func aProviderThatIsAwayEndsNothing() async throws {
        try await SignInBed.with("away") { bed in
            let session = try await bed.session(of: "ada")
            let (location, cookie) = try await bed.begin()
            let query = try await bed.query("bob", at: location)
            try await bed.services.kill(.signIn)
            #expect(kind(await bed.signIn.refresh(session)) == .providerAway)
            #expect(kind(await bed.signIn.finish(query: query, cookies: [cookie])) == .providerAway)
            #expect(kind(await (try bed.anotherSignIn()).begin(issuer: nil, returnPath: nil)) == .providerAway)
            #expect(!session.isOver(at: Date()))
            try await bed.services.start(.signIn)
            _ = try await bed.signIn.refresh(session).get()
            _ = try await bed.session(of: "bob")
        }
    }
}
