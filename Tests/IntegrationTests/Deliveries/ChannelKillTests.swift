import ChannelServers
import ClusterSupport
import Digests
import Foundation
import LoopbackSupport
import ReportAPI
import ReportRecords
import ReportStores
import Testing

/// As `DeliveryKillTests`, for the channels to other programs: a receiver of webhooks, Microsoft's side and a broker.
@Suite(.serialized, .timeLimit(.minutes(15))) struct ChannelKillTests {
    private typealias Check = @Sendable (ReportDelivery, String) async throws -> Void

    /// The claim and the result, before and after each.
    private static let ledgerMoments = 4

    /// Kills at each write of the ledger; `channel` makes the channel and says with which options the courier finds it.
    private func killAtTheLedger(
        _ bed: DeliveryBed, _ name: String, spec: @escaping @Sendable (String) -> String,
        channel: @escaping @Sendable (DeliveryBed) async throws -> (options: [String], check: Check)
    ) async throws {
        let points = try await KillScene.killAtEach(bed, "\(name), ledger") { bed in
            let (options, check) = try await channel(bed)
            let proxy = KillingProxy(toPort: try bed.mongoPort, counts: KillScene.isLedgerWrite)
            return KillScene(
                killer: proxy, uri: try bed.mongoURI(port: proxy.port), options: options, spec: spec, check: check)
        }
        #expect(points == Self.ledgerMoments)
    }

    /// The digest of the file in MongoDB, which there is one of.
    private static func madeFile(of report: String, _ bed: DeliveryBed) async throws -> String? {
        try await bed.outside.records.files.newest(below: "\(report)/2/p/csv/")?.metadata.sha256
    }

    // MARK: Webhook

    /// A receiver keeps what it had once, by the id.
    @Test func killedAtEachMomentAWebhookComesOnceByItsID() async throws {
        let receiver = try WebhookReceiver(keys: [DeliveryBed.webhookKey])
        defer { receiver.stop() }
        let spec: @Sendable (String) -> String = { "{reportID: \($0), channel: hook, formats: [csv]}" }
        try await DeliveryBed.run("kill-webhook") { bed in
            let check: Check = { _, report in
                let records = try await receiver.wait(for: 1).filter { $0.message?.contains(report) == true }
                #expect((1...2).contains(records.count), "\(records.count) posts")
                #expect(Set(records.compactMap(\.id)).count == 1)
                #expect(records.allSatisfy { $0.verified == [true] })
                let files = records.flatMap { $0.files ?? [] }
                #expect(files.count == records.count)
                #expect(Set(files.map(\.sha256)) == [try await Self.madeFile(of: report, bed)])
            }
            try await killAtTheLedger(bed, "Webhook", spec: spec) { bed in
                try await bed.createWebhook(port: receiver.port)
                return ([], check)
            }
            let wire = try await KillScene.killAtEach(bed, "Webhook, each thing said to the receiver") { bed in
                let proxy = KillingProxy(toPort: receiver.port) { _ in true }
                try await bed.createWebhook(port: proxy.port)
                return KillScene(killer: proxy, spec: spec, check: check)
            }
            // The greeting of TLS, and the message, before and after each.
            #expect(wire >= 4)
        }
    }

    // MARK: Microsoft

    private static func file(
        of report: String, in world: GraphServer.World, _ bed: DeliveryBed
    ) async throws -> GraphServer.World.File? {
        let files = try await world.state().files
        #expect(files.count == 1, "\(files.keys)")
        #expect(files.values.first?.sha256 == (try await madeFile(of: report, bed)))
        return files.values.first
    }

    /// A file has one place; a long one goes there in pieces, by a session.
    @Test func killedAtEachMomentAFileIsInSharePointOnceAndWhole() async throws {
        let spec: @Sendable (String) -> String = { "{reportID: \($0), channel: library, formats: [csv]}" }
        try await DeliveryBed.run("kill-sharepoint") { bed in
            try await killAtTheLedger(bed, "SharePoint", spec: spec) { bed in
                let world = try GraphServer.world()
                try await bed.createSharePoint()
                return (
                    DeliveryBed.options(of: world), { _, report in _ = try await Self.file(of: report, in: world, bed) }
                )
            }
            let wire = try await KillScene.killAtEach(bed, "SharePoint, each request of an upload in pieces") { bed in
                let world = try GraphServer.world()
                try await bed.createSharePoint()
                return KillScene(
                    killer: GraphKiller(world: world), options: DeliveryBed.options(of: world), padding: 600,
                    rows: 10_000,
                    spec: spec,
                    check: { _, report in
                        let file = try await Self.file(of: report, in: world, bed)
                        #expect(file.map { $0.size > 5_500_000 } == true, "\(file?.size ?? 0) bytes")
                    })
            }
            // The session, and two pieces: before, in the middle and after each.
            #expect(wire >= 9)
        }
    }

    /// What was posted may come twice where nobody knows whether it came, and only where it says so. A message is posted as an
    /// account whose sign-in is another after each use: it outlives the courier, too.
    @Test(arguments: [false, true])
    func killedAtEachMomentAPostComesOnceOrSaysThatItMayHaveComeTwice(asMessage: Bool) async throws {
        let spec: @Sendable (String) -> String = { "{reportID: \($0), channel: team, formats: [csv]}" }
        let prepare: @Sendable (DeliveryBed) async throws -> (GraphServer.World, Check) = { bed in
            let world = try GraphServer.world()
            try await bed.createSharePoint()
            try await bed.createTeams(world, asMessage: asMessage)
            if asMessage {
                let signedIn = try await bed.signIn(to: world)
                try #require(signedIn.status == 0, "\(signedIn.screen)")
            }
            return (
                world,
                { done, report in
                    let file = try await Self.file(of: report, in: world, bed)
                    #expect(file?.versions == 1, "what is there already stays")
                    let posts = try await world.state().posts.count
                    let isMarked = done.status?.recipients?.first?.possiblyTwice == true
                    #expect(posts == 1 || posts == 2 && isMarked, "\(posts) posts")
                }
            )
        }
        let name = asMessage ? "Teams message" : "Teams card"
        try await DeliveryBed.run(asMessage ? "kill-message" : "kill-card") { bed in
            try await killAtTheLedger(bed, name, spec: spec) { bed in
                let (world, check) = try await prepare(bed)
                return (DeliveryBed.options(of: world), check)
            }
            let wire = try await KillScene.killAtEach(bed, "\(name), each request of it and of its file") { bed in
                let (world, check) = try await prepare(bed)
                return KillScene(
                    killer: GraphKiller(world: world), options: DeliveryBed.options(of: world), spec: spec, check: check
                )
            }
            // What is there, the file, and the post: before, in the middle and after each.
            #expect(wire >= 9)
        }
    }

    // MARK: MQTT

    /// Readers know a notice by its id.
    @Test func killedAtEachMomentANoticeComesOnceByItsID() async throws {
        let broker = try MosquittoBroker(["allow_anonymous true"])
        try await broker.start()
        defer { broker.remove() }
        let spec: @Sendable (String) -> String = { "{reportID: \($0), channel: broker}" }
        let prepare: @Sendable (DeliveryBed) async throws -> Check = { bed in
            let (reader, topic) = ("reader-\(bed.namespace)", "reports/\(bed.namespace)/#")
            try await broker.keep(topic, for: reader)
            return { _, report in
                let read = try await broker.read(3, of: topic, as: reader, format: "%p", within: 2)
                #expect((1...2).contains(read.count), "\(read.count) notices")
                #expect(read.allSatisfy { $0.contains(report) })
                #expect(Set(try read.map { try JSONDecoder().decode(Notice.self, from: Data($0.utf8)).id }).count == 1)
            }
        }
        try await DeliveryBed.run("kill-mqtt") { bed in
            try await killAtTheLedger(bed, "MQTT", spec: spec) { bed in
                try await bed.createMQTT(port: Int(broker.port))
                return ([], try await prepare(bed))
            }
            let wire = try await KillScene.killAtEach(bed, "MQTT, each thing said to the broker") { bed in
                let proxy = KillingProxy(toPort: Int(broker.port)) { _ in true }
                try await bed.createMQTT(port: proxy.port)
                return KillScene(killer: proxy, spec: spec, check: try await prepare(bed))
            }
            // The greeting and the notice, before and after each.
            #expect(wire >= 4)
        }
    }

    private struct Notice: Decodable {
        var id: String
    }
}
