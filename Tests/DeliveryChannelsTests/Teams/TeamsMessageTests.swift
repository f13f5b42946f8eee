import ChannelServers
import DeliveryChannels
import Foundation
import KubernetesModel
import ReportAPI
import Synchronization
import Testing

@Suite("Teams, messages", .timeLimit(.minutes(3))) struct TeamsMessageTests {
    @Test(
        "A message has the file as an attachment, in a chat and in a channel",
        arguments: [
            (ReportChannelSpec.Teams.Post.chatMessage, "/chats/19%3Aabc%40thread.v2/messages"),
            (.channelMessage, "/teams/team-1/channels/19%3Adef%40thread.tacv2/messages"),
        ]) func attached(post: ReportChannelSpec.Teams.Post, path: String) async throws
    {
        let fixture = try TeamsFixture(post)
        try await fixture.signIn()
        let file = try Copies.file(Copies.bytes(3000), name: "Größe 1.pdf")
        defer { Copies.remove([file]) }
        var dispatch = Copies.one([file], parameters: ["plant": .string("<script>")])
        dispatch.text = "A & B\nC"
        #expect(await fixture.send(dispatch) == .sent(id: "161", words: "The message was posted"))
        let sent = try #require(await fixture.world.state().posts.first)
        #expect(sent.path == path)
        let guid = "4A0F5E2C-0000-4000-8000-000000000000"
        let folder = "https://example.sharepoint.com/sites/finance/Documents/\(SharePointFixture.folder)"
        #expect(
            sent.body["attachments"]
                == .array([
                    .strings([
                        "id": guid, "contentType": "reference", "contentUrl": "\(folder)/Gr%C3%B6%C3%9Fe%201.pdf",
                        "name": "Größe 1.pdf",
                    ])
                ]))
        let html = try #require(sent.body["body"]?["content"]?.string)
        #expect(sent.body["body"]?["contentType"] == .string("html"))
        #expect(html.hasPrefix("<p><strong>Trial balance 2026-10</strong></p><p>A &amp; B<br>C</p>"))
        #expect(html.contains("plant: &lt;script&gt;") && html.hasSuffix("<attachment id=\"\(guid)\"></attachment>"))
    }

    @Test("A failure is told without what a stage printed") func failure() async throws {
        let fixture = try TeamsFixture(.chatMessage)
        try await fixture.signIn()
        #expect(await fixture.send(Copies.one(phase: .failed)).isSent)
        let html = try #require(await fixture.world.state().posts.first?.body["body"]?["content"]?.string)
        #expect(html.contains("Reason: StageFailed") && html.contains("Report: 0b8f12aa") && !html.contains("no route"))
    }

    @Test("Without a sign-in, or with one that has expired, it says how to sign in") func signedOut() async throws {
        let fixture = try TeamsFixture(.chatMessage)
        let words = "No account has signed in for channel accounting; run report-courier sign-in accounting"
        #expect(await fixture.trial() == .misconfigured(words: words))
        #expect(await fixture.send() == .misconfigured(words: words))
        try await fixture.signIn()
        guard case .works(let found) = await fixture.trial() else { throw CancellationError() }
        #expect(found.hasPrefix("Signed in as reports@example.com; only a message shows whether it may post there"))
        try await fixture.world.set(.object(["refresh": .string("other"), "expireTokens": .bool(true)]))
        guard case .misconfigured(let expired) = await fixture.send() else { throw CancellationError() }
        #expect(expired.contains("AADSTS700082") && expired.contains("sign in again with report-courier sign-in"))
    }

    @Test("The refresh token rotates, sealed, and one that another courier stored is used") func rotation() async throws
    {
        let fixture = try TeamsFixture(.chatMessage)
        try await fixture.signIn()
        let first = try #require(fixture.vault.sealed.withLock { $0 })
        #expect(!String(decoding: first, as: UTF8.self).contains("refresh"))
        #expect(await fixture.send().isSent)
        let second = try #require(fixture.vault.sealed.withLock { $0 })
        #expect(second != first)
        // Another courier refreshes it after this one has read it, which is refused, and finds the newer one.
        fixture.vault.stale.withLock { $0 = first }
        try await fixture.world.set(.object(["expireTokens": .bool(true)]))
        #expect(await fixture.send().isSent)
        #expect(fixture.vault.stale.withLock { $0 == nil })
        fixture.vault.isAway.withLock { $0 = true }
        try await fixture.world.set(.object(["expireTokens": .bool(true)]))
        let outcome = await fixture.send()
        #expect(outcome.isDeferred && outcome.words.contains("could not be read"), "\(outcome)")
    }

    @Test("A sign-in that was sealed with another key is not used") func otherKey() async throws {
        let fixture = try TeamsFixture(.chatMessage)
        try await fixture.signIn()
        let other = try TeamsFixture(.chatMessage, key: Data(repeating: 9, count: 32).base64EncodedString())
        let sealed = fixture.vault.sealed.withLock { $0 }
        other.vault.sealed.withLock { $0 = sealed }
        guard case .misconfigured(let words) = await other.trial() else { throw CancellationError() }
        #expect(words.contains("stored with another key"))
        #expect(throws: ChannelFault.self) { try TeamsFixture(.chatMessage, key: "short") }
    }

    @Test(
        "Each answer is what it means",
        arguments: [
            (400, "refused"), (403, "misconfigured"), (404, "misconfigured"), (429, "deferred"), (503, "deferred"),
            (504, "uncertain"),
        ]) func statuses(status: Int, meaning: String) async throws
    {
        let fixture = try TeamsFixture(.chatMessage)
        try await fixture.signIn()
        try await fixture.world.fault([
            "method": .string("POST"), "path": .string("/chats/"), "status": .integer(Int64(status)),
        ])
        #expect("\(await fixture.send())".hasPrefix(meaning))
        try await fixture.world.fault(["method": .string("POST"), "path": .string("/chats/"), "cut": .string("after")])
        guard case .uncertain = await fixture.send() else { throw CancellationError() }
    }

    @Test("A message that was refused for its token goes out with a new one, once") func expiry() async throws {
        let fixture = try TeamsFixture(.chatMessage)
        try await fixture.signIn()
        #expect(await fixture.send().isSent)
        try await fixture.world.set(.object(["expireTokens": .bool(true)]))
        #expect(await fixture.send().isSent)
        #expect(try await fixture.world.state().posts.count == 2)
    }
}
