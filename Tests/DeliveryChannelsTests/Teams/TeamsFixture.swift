import AsyncSupport
import ChannelServers
import DeliveryChannels
import Foundation
import Logging
import ReportAPI
import Synchronization

/// A vault in memory.
final class MemoryVault: TokenVault {
    struct Away: Error {}

    let sealed = Mutex<[UInt8]?>(nil)
    let isAway = Mutex(false)
    /// What the next reader gets, who comes before it is replaced.
    let stale = Mutex<[UInt8]?>(nil)

    func load() async throws -> [UInt8]? {
        if isAway.withLock({ $0 }) { throw Away() }
        let stale = stale.withLock { stale in
            defer { stale = nil }
            return stale
        }
        return stale ?? sealed.withLock { $0 }
    }

    func save(_ sealed: [UInt8]) async throws {
        if isAway.withLock({ $0 }) { throw Away() }
        self.sealed.withLock { $0 = sealed }
    }
}

/// A channel of type Teams that leads to the tests' server, with one of type SharePoint where it is wanted.
struct TeamsFixture {
    static let signature = "sig-4vZ0dGhpcyBpcyBhIHNlY3JldA"
    static let key = Data((0..<32).map { $0 }).base64EncodedString()

    let world: GraphServer.World
    let vault = MemoryVault()
    let sender: TeamsSender
    let teams: ReportChannelSpec.Teams
    let secrets: ChannelSecrets

    init(
        _ post: ReportChannelSpec.Teams.Post = .workflow, withSharePoint: Bool = false, url: String? = nil,
        key: String = key
    ) throws {
        let sharePoint = try SharePointFixture()
        world = sharePoint.world
        var teams = ReportChannelSpec.Teams(post: post, credentials: .init(secretRef: .init(name: "teams")))
        if withSharePoint || post != .workflow { teams.sharePointChannel = "files" }
        if post != .workflow { (teams.tenant, teams.clientID) = ("example.com", "app") }
        switch post {
        case .workflow: break
        case .chatMessage: teams.chatID = "19:abc@thread.v2"
        case .channelMessage: (teams.teamID, teams.channelID) = ("team-1", "19:def@thread.tacv2")
        }
        var spec = world.spec(.teams)
        spec.teams = teams
        self.teams = teams
        let path = "/workflows/0a1b2c3d4e5f60718293/triggers/manual/paths/invoke?api-version=2016-06-01&sp=run&sig="
        secrets = try world.secrets(["url": url ?? world.address + path + Self.signature + "\n", "key": key])
        sender = try TeamsSender(
            spec, name: "accounting", secrets: secrets,
            sharePoint: teams.sharePointChannel == nil ? nil : sharePoint.sender, vault: vault, cloud: world.cloud,
            logger: Logger(label: "test"))
    }

    func send(_ dispatch: Dispatch = Copies.one(), mayBegin: @escaping @Sendable () -> Bool = { true }) async
        -> SendOutcome
    {
        await sender.send(dispatch, by: .now + .seconds(60), mayBegin: mayBegin)
    }

    func trial() async -> ChannelTrial { await sender.trial(by: .now + .seconds(60)) }

    /// As a person does it, at once.
    func signIn() async throws {
        try await signIn(vault: vault).run(clock: .init(now: { .zero }, sleep: { _ in })) { _ in }
    }

    func signIn(vault: any TokenVault) throws -> TeamsSignIn {
        try TeamsSignIn(
            teams, name: "accounting", secrets: secrets, vault: vault, cloud: world.cloud, transport: world.transport)
    }
}
