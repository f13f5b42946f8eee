import ChannelServers
import ClusterSupport
import Foundation
import KubernetesModel
import LoopbackSupport
import ReportAPI
import ReportRecords
import ReportStores
import ServiceSupport
import Testing

/// `report-courier sign-in` as a person runs it, and messages as the account that signed in.
@Suite(.serialized, .timeLimit(.minutes(5))) struct SignInTests {
    /// What nobody may read anywhere: tokens, the code of the device, keys and passwords.
    private static func expectNoSecret(_ text: String, _ bed: DeliveryBed) throws {
        let password = URLComponents(string: try bed.outside.services.value("MONGODB_ADMIN_URI"))?.password
        for secret in ["refresh-", "token-", "device-1", "s3cret", DeliveryBed.sealingKey, password].compactMap(\.self)
        {
            #expect(!text.contains(secret), "\(text.split(separator: "\n").filter { $0.contains(secret) })")
        }
    }

    private static func withChannel(
        _ name: String, _ body: (DeliveryBed, GraphServer.World) async throws -> Void
    ) async throws {
        try await DeliveryBed.run(name) { bed in
            let world = try GraphServer.world()
            try await bed.createSharePoint()
            try await bed.createTeams(world, asMessage: true)
            try await body(bed, world)
        }
    }

    @Test func whoTypesTheCodeInSignsInAndTheChannelPostsAsThem() async throws {
        try await Self.withChannel("sign-in") { bed, world in
            let signedIn = try await bed.signIn(to: world, answers: ["authorization_pending", "slow_down"])
            #expect(signedIn.status == 0, "\(signedIn.screen)")
            #expect(
                signedIn.screen.contains(
                    "To sign in, open https://microsoft.com/devicelogin and enter the code ABCD1234"))
            #expect(signedIn.screen.contains("The account is signed in; channel team posts as it from now on."))
            try Self.expectNoSecret(signedIn.screen, bed)
            // After 1 s and 1 s more, and then 5 s slower.
            #expect(signedIn.took >= .seconds(8))
            let asked = try await world.state().log.filter { $0.path.hasSuffix("/token") }
            #expect(asked.count == 3 && asked.allSatisfy { $0.text?.contains("device_code=device-1") == true })
            let first = try #require(try await bed.storedSignIn())
            #expect(!String(decoding: first, as: UTF8.self).contains("refresh"))

            let courier = try bed.courier(options: DeliveryBed.options(of: world))
            defer { courier.end() }
            let channel = try await bed.cluster.wait(
                for: ReportChannel.self, "team", in: bed.courierNamespace, "is Ready"
            ) { $0?.status?.ready?.status == "True" }
            #expect(channel?.status?.ready?.message.contains("Signed in as reports@example.com") == true)
            let report = try await bed.record()
            try await bed.deliver("d", "{reportID: \(report), channel: team, formats: [csv]}")
            let done = try await bed.waitForEnd(of: "d")
            #expect(done.status?.phase == .delivered, "\(done.status?.message ?? "")")
            let state = try await world.state()
            #expect(state.posts.map(\.path) == ["/chats/19%3Aabc%40thread.v2/messages"])
            #expect(state.files.count == 1)
            // The token that it was refreshed with is another now, sealed as well.
            let second = try #require(try await bed.storedSignIn())
            #expect(second != first && !String(decoding: second, as: UTF8.self).contains("refresh"))
            try Self.expectNoSecret(courier.log, bed)
        }
    }

    @Test(
        arguments: [
            (["authorization_declined"], "The sign-in was declined"),
            (["authorization_pending", "expired_token"], "Nobody signed in while the code was good"),
        ])
    func whoSaysNoOrNeverComesIsToldAndNothingIsKept(answers: [String], words: String) async throws {
        try await Self.withChannel("sign-in-ends") { bed, world in
            let ended = try await bed.signIn(to: world, answers: answers)
            #expect(ended.status != 0 && ended.screen.contains(words), "\(ended.screen)")
            try Self.expectNoSecret(ended.screen, bed)
            #expect(try await bed.storedSignIn() == nil)
        }
    }
}
