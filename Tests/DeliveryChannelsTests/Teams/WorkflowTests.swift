import ChannelServers
import DeliveryChannels
import Foundation
import KubernetesModel
import Logging
import ReportAPI
import Testing

@Suite("Teams, workflows", .timeLimit(.minutes(3))) struct WorkflowTests {
    private let post: JSONObject = ["method": .string("POST"), "path": .string("workflows/")]

    private func expectSecret(_ words: String) {
        #expect(
            !words.contains("sig-4vZ") && !words.contains("0a1b2c3d4e5f60718293") && !words.contains("/invoke"),
            "\(words)")
    }

    @Test("A card is posted, and the run's id is kept") func posted() async throws {
        let fixture = try TeamsFixture()
        #expect(await fixture.send() == .sent(id: "08581", words: "The workflow took the card"))
        let state = try await fixture.world.state()
        #expect(state.posts.count == 1 && state.posts[0].body["type"] == .string("AdaptiveCard"))
        let sent = try #require(state.log.first)
        #expect(sent.type == "application/json" && !sent.authorized && sent.query.contains(TeamsFixture.signature))
        #expect(!fixture.sender.repeatsHarmlessly)
    }

    @Test("The files are in SharePoint first, and the card leads there; what is there already stays") func linked()
        async throws
    {
        let fixture = try TeamsFixture(withSharePoint: true)
        let file = try Copies.file(Copies.bytes(3000))
        defer { Copies.remove([file]) }
        #expect(await fixture.send(Copies.one([file])).isSent)
        #expect(await fixture.send(Copies.one([file])).isSent)
        let state = try await fixture.world.state()
        #expect(state.files.values.map(\.versions) == [1])
        let action = try #require(state.posts.last?.body["actions"]?.array?.first)
        let address = "https://example.sharepoint.com/web/\(SharePointFixture.folder)/\(file.name)"
        #expect(action["url"] == .string(address))
    }

    @Test("Nothing is posted while the file can't be stored") func notStored() async throws {
        let fixture = try TeamsFixture(withSharePoint: true)
        try await fixture.world.fault(["method": .string("PUT"), "path": .string("content"), "status": .integer(423)])
        let file = try Copies.file(Copies.bytes(3000))
        defer { Copies.remove([file]) }
        let outcome = await fixture.send(Copies.one([file]))
        #expect(
            outcome.isDeferred && outcome.words.hasPrefix("Nothing was posted, since the file is not in SharePoint: "))
        #expect(try await fixture.world.state().posts.isEmpty)
    }

    @Test("Any 2xx is success", arguments: [200, 201, 202, 204]) func success(status: Int) async throws {
        let fixture = try TeamsFixture()
        try await fixture.world.fault(post.merging(["status": .integer(Int64(status))]) { $1 })
        #expect(await fixture.send().isSent)
    }

    @Test(
        "Each answer is what it means, and no word has the address",
        arguments: [
            (400, "refused"), (401, "misconfigured"), (403, "misconfigured"), (404, "misconfigured"),
            (410, "misconfigured"), (302, "misconfigured"), (413, "refused"), (429, "deferred"), (500, "deferred"),
            (502, "deferred"), (503, "deferred"), (504, "uncertain"),
        ]) func statuses(status: Int, meaning: String) async throws
    {
        let fixture = try TeamsFixture()
        let message = "Workflow 0a1b2c3d4e5f60718293 said no to \(TeamsFixture.signature)"
        try await fixture.world.fault(
            post.merging([
                "status": .integer(Int64(status)), "headers": .object(["Retry-After": .string("5")]),
                "body": .object(["error": .object(["message": .string(message)])]),
            ]) { $1 })
        let outcome = await fixture.send()
        #expect("\(outcome)".hasPrefix(meaning), "\(outcome)")
        if case .deferred(_, let after) = outcome { #expect(after == .seconds(5)) }
        expectSecret(outcome.words)
    }

    @Test("Cut before the whole card is out it was not posted, cut behind it it may have been") func cut() async throws
    {
        let fixture = try TeamsFixture()
        try await fixture.world.fault(post.merging(["cut": .string("after")]) { $1 })
        let outcome = await fixture.send()
        guard case .uncertain(let words) = outcome else { throw CancellationError() }
        #expect(words.hasSuffix("the card may have been posted"))
        expectSecret(words)
        #expect(await fixture.send(mayBegin: { false }) == .deferred(words: "Stopped before it was sent", after: nil))
        let nobody = try TeamsFixture(url: "https://127.0.0.1:1/workflows/0a1b2c3d4e5f60718293?sig=sig-4vZ0dGhpcyBp")
        let refused = await nobody.send()
        #expect(refused.isDeferred)
        expectSecret(refused.words)
    }

    @Test("A trial connects and posts nothing") func trial() async throws {
        let fixture = try TeamsFixture()
        #expect(
            await fixture.trial()
                == .works(
                    words: "Connected to 127.0.0.1 with TLS; nothing was posted, so only a card shows whether the "
                        + "workflow takes it"))
        #expect(try await fixture.world.state().log.isEmpty)
        let linked = try TeamsFixture(withSharePoint: true)
        guard case .works(let words) = await linked.trial() else { throw CancellationError() }
        #expect(words.contains("Library Documents of https://example.sharepoint.com/sites/finance can be read"))
    }

    @Test("A Secret without an https address is refused without showing it")
    func secrets() throws {
        for (url, words) in [("http://a.test/sig-4vZ", "must be an https address"), ("", "needs url")] {
            do throws(ChannelFault) {
                let world = try? GraphServer.world()
                guard let world, let secrets = try? world.secrets(["url": url]) else { return }
                var spec = world.spec(.teams)
                spec.teams = .init(credentials: .init(secretRef: .init(name: "teams")))
                _ = try TeamsSender(spec, name: "a", secrets: secrets, logger: .init(label: "test"))
                Issue.record("it was taken")
            } catch {
                #expect(error.description.contains(words))
                expectSecret(error.description)
            }
        }
    }
}
