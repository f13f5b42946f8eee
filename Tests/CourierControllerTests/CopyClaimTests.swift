import ControllerRuntime
import DeliveryChannels
import Foundation
import KubernetesModel
import Logging
import MongoClient
import PrometheusMetrics
import ReportAPI
import ReportLayout
import ReportRecords
import ReportStores
import Synchronization
import TestSupport
import Testing

@testable import CourierController

/// Nothing goes out that isn't claimed in the ledger, since only the claim tells the next courier that it may have gone.
@Suite(.timeLimit(.minutes(1))) struct CopyClaimTests {
    /// Counts what goes out through it.
    private final class CountingSender: ChannelSender {
        private let count = Mutex(0)
        let repeatsHarmlessly = false

        var sends: Int { count.withLock { $0 } }

        func send(
            _ dispatch: Dispatch, by deadline: ContinuousClock.Instant, mayBegin: @escaping @Sendable () -> Bool
        ) async -> SendOutcome {
            count.withLock { $0 += 1 }
            return .sent(id: nil, words: "taken")
        }

        func trial(by deadline: ContinuousClock.Instant) async -> ChannelTrial { .works(words: "") }
    }

    /// Nobody listens at port 1.
    private func sender() throws -> CopySender {
        let logger = Logger(label: "tests") { _ in SwiftLogNoOpLogHandler() }
        var options = MongoOptions()
        options.serverSelectionTimeout = .milliseconds(50)
        let store = ReportStore(
            client: MongoClient(try MongoURI("mongodb://127.0.0.1:1/"), options: options, logger: logger))
        let cache = CourierCache(namespace: "report-operator")
        let (background, inFlight) = (Background(), InFlight())
        let folder = FileManager.default.temporaryDirectory.appending(path: "claim-\(UUID())").path
        let maker = FileMaker(store: store, renderer: RenderProcess(command: [], folder: folder), logger: logger)
        let preparations = Preparations(
            store: store, maker: maker, background: background, shelf: FileShelf(folder: folder, limit: 1),
            clusterName: nil, logger: logger, now: { Timestamp.start.date }, wake: { _ in })
        return CopySender(
            cache: cache, desk: ChannelDesk(), preparations: preparations, inFlight: inFlight,
            lanes: ChannelLanes(ledger: store.deliveries), ledger: store.deliveries, background: background,
            metrics: DeliveryMetrics(registry: MetricsRegistry(), cache: cache, inFlight: inFlight), holder: "me",
            mayAct: { true }, wake: { _, _ in }, tryChannel: { _ in }, patience: .milliseconds(300), logger: logger,
            now: { Timestamp.start.date })
    }

    @Test func whatCannotBeClaimedIsNotSent() async throws {
        let delivery = ReportDelivery.fixture()
        let spec = try #require(delivery.spec.value)
        let copy = DeliveryCopy(
            delivery: "d", namespace: "finance", name: delivery.metadata.name, reportID: spec.reportID, channel: "mail",
            type: "Mail", recipient: "dana@example.com", at: Timestamp.start.date)
        let report = PreparedReport(
            identity: ReportIdentity(
                reportID: spec.reportID, namespace: "finance", name: "tb-2026-10", attempt: 1, publishedAt: .start,
                asOf: .start),
            run: .init(attempt: 1, phase: .succeeded), title: "Trial balance")
        let channel = CountingSender()
        #expect(try await sender().claimAndSend(copy, over: nil, report, spec, delivery, channel) == nil)
        #expect(channel.sends == 0)
    }
}
