import Foundation
import KubernetesModel
import ReportAPI
import ReportClient
import ReportRecords
import TestSupport
import Testing

/// Deliveries as resources and the ledger have them together.
struct KnownDeliveryTests {
    private func copy(
        _ delivery: String, _ recipient: String, _ phase: DeliveryCopy.Phase, name: String = "first",
        type: String = "Mail", at time: Timestamp = .start
    ) -> DeliveryCopy {
        var copy = DeliveryCopy(
            delivery: delivery, namespace: "finance", name: name, reportID: "r", channel: "mail", type: type,
            recipient: recipient, phase: phase, at: time.date)
        copy.formats = ["pdf"]
        copy.detail = "250 ok"
        return copy
    }

    @Test func theLedgerDecidesWhereAStatusIsLate() {
        let live = ReportDelivery.fixture("first").with(.sending, [("dana@example.com", .sending)])
        let known = KnownDelivery.all(
            [live],
            ledger: [
                copy("uid-first", "Dana@example.com", .sent), copy("uid-first", "lee@example.com", .unknown),
            ])
        #expect(known.count == 1 && !known[0].isGone)
        #expect(known[0].recipients.map(\.phase) == [.sent, .unknown])
        #expect(known[0].sent == "1/2" && known[0].recipients[0].detail == "250 ok")
    }

    @Test(
        arguments: [
            ([.sent, .sent], .delivered), ([.sent, .failed], .partlyDelivered), ([.failed, .unknown], .failed),
        ] as [([DeliveryCopy.Phase], ReportDeliveryStatus.Phase)])
    func whatIsGoneIsKnownFromItsCopies(phases: [DeliveryCopy.Phase], phase: ReportDeliveryStatus.Phase) {
        let copies = zip(["a@example.com", "b@example.com"], phases).map { copy("gone", $0, $1) }
        let known = KnownDelivery.all([], ledger: copies)
        #expect(known.map(\.phase) == [phase] && known[0].isGone)
        #expect(
            known[0].entry
                == DeliverSpec(channel: "mail", to: ["a@example.com", "b@example.com"], formats: ["pdf"]))
    }

    /// The operator's are known by what they are made for; a person may use a name again.
    @Test func aResourceIsTakenForItsOwnCopiesAlone() {
        let live = ReportDelivery.fixture("first")
        let operators = KnownDelivery.all([live], ledger: [copy("r/1/0", "dana@example.com", .sent)])
        #expect(operators.count == 1 && operators[0].sent == "1/1")
        let another = KnownDelivery.all(
            [live], ledger: [copy(UUID().uuidString, "dana@example.com", .sent, at: .start.after(-60))])
        #expect(another.map(\.isGone) == [false, true])
    }

    @Test func aChannelWithoutAddressesHasNone() {
        let known = KnownDelivery.all([], ledger: [copy("gone", "share", .sent, type: "Folder")])
        #expect(known[0].entry?.to == nil && known[0].addresses.isEmpty)
    }

    /// Months later, when only the ledger tells who has it.
    @Test func whoLacksItIsToldByTheLedger() throws {
        let known = KnownDelivery.all(
            [], ledger: [copy("gone", "dana@example.com", .sent), copy("gone", "lee@example.com", .failed)])
        var wish = Resend.Wish()
        wish.isOnlyMissing = true
        let outcome = try Resend.outcome(of: wish, channel: "mail", kind: .mail, earlier: known)
        guard case .send(let resend) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(resend.entry == DeliverSpec(channel: "mail", to: ["lee@example.com"], formats: ["pdf"]))
    }
}
