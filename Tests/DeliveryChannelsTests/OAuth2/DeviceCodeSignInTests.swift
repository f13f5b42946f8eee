import AsyncSupport
import ChannelServers
import DeliveryChannels
import KubernetesModel
import LoopbackSupport
import ReportAPI
import Synchronization
import Testing

@Suite("Sign-in by device code", .timeLimit(.minutes(1))) struct DeviceCodeSignInTests {
    private func run(_ pending: [String]) async throws -> (
        fault: TokenFault?, pauses: [Duration], fixture: TeamsFixture
    ) {
        let fixture = try TeamsFixture(.channelMessage)
        try await fixture.world.set(.object(["pending": .strings(pending)]))
        let pauses = Recorder<Duration>()
        let clock = RuntimeClock(
            now: { pauses.all.reduce(.zero, +) }, sleep: { pauses.append($0) })
        let prompts = Recorder<String>()
        let signIn = try fixture.signIn(vault: fixture.vault)
        let result = await Result { () async throws(TokenFault) in
            try await signIn.run(clock: clock) { prompts.append($0.message) }
        }
        #expect(prompts.all == ["To sign in, open https://microsoft.com/devicelogin and enter the code ABCD1234"])
        guard case .failure(let fault) = result else { return (nil, pauses.all, fixture) }
        return (fault, pauses.all, fixture)
    }

    @Test("It waits as it is told until a person has typed the code in") func waits() async throws {
        let (fault, pauses, fixture) = try await run(["authorization_pending", "slow_down", "authorization_pending"])
        #expect(fault == nil)
        #expect(pauses == [.seconds(5), .seconds(5), .seconds(10), .seconds(10)])
        let state = try await fixture.world.state()
        #expect(state.log.first?.path == "/example.com/oauth2/v2.0/devicecode")
        #expect(state.log.first?.text?.contains("scope=offline_access%20") == true)
        #expect(state.log.first?.text?.hasSuffix("%2FChannelMessage.Send") == true)
        #expect(fixture.vault.sealed.withLock { $0 != nil })
    }

    @Test("It ends where nobody comes, or says no") func ends() async throws {
        #expect(try await run(["authorization_declined"]).fault == .refused(words: "The sign-in was declined"))
        let late = try await run(.init(repeating: "authorization_pending", count: 500))
        #expect(late.fault?.words == "Nobody signed in while the code was good; run report-courier sign-in again")
        #expect(late.pauses.count == 180)
        #expect(try await run(["expired_token"]).fault == late.fault)
        #expect(late.fixture.vault.sealed.withLock { $0 == nil })
    }
}
