import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import Testing

@testable import DeliveryPlanning

/// A document of the ledger that can't be read: what it is about may have been sent.
@Suite struct UnreadableLedgerTests {
    private static let people = ["a@example.com", "b@example.com"]

    private static func unreadable(_ recipient: String) -> UnreadableCopy {
        UnreadableCopy(id: DeliveryCopy.id(delivery: "d1", recipient: recipient), fault: "phase: there is no Sentt")
    }

    private var damaged: ObservedDelivery {
        ObservedDelivery.fixture(to: Self.people[0], Self.people[1]).ready().with {
            $0.unreadable = [Self.unreadable(Self.people[0])]
        }
    }

    @Test func nothingIsSentAndItSaysWhichDocumentAndWhatToDo() throws {
        let plan = damaged.plan(after: 5)
        #expect(plan.actions == [] && plan.isImpatient)
        #expect(plan.condition?.status == "Unknown" && plan.condition?.reason == "LedgerUnreadable")
        let message = try #require(plan.status?.message)
        #expect(
            message.contains("the document \"d1/a@example.com\" of MongoDB's report_deliveries can't be read: phase:"))
        #expect(message.contains("mend the field") && message.contains("delete this delivery"))
        #expect(damaged.pass(at: .start.after(5)).plan(after: 10).isEmpty)
        // Also before anything is pinned, and where it would fail.
        let new = ObservedDelivery.fixture().with { $0.unreadable = [Self.unreadable("dana@example.com")] }
        #expect(new.plan().condition?.reason == "LedgerUnreadable" && new.plan().status?.pinned == nil)
        #expect(damaged.with { $0.channel = nil }.plan(after: 100_000).actions == [])
    }

    @Test func onceItIsMendedItGoesOn() {
        let mended = damaged.pass(at: .start.after(5)).with { $0.unreadable = [] }
        #expect(mended.plan(after: 10).kinds == ["send a@example.com", "send b@example.com"])
    }

    /// Nobody else would ever take the finalizer off.
    @Test func deletionCancelsTheOthersAndLetsTheResourceGo() {
        var deleted = damaged.deleted()
        #expect(deleted.plan(after: 100).kinds == ["end b@example.com Cancelled"])
        deleted = deleted.pass(at: .start.after(100))
        #expect(deleted.plan(after: 101).kinds == ["removeFinalizer"])
        #expect(damaged.with { $0.delivery.status = nil }.deleted().plan(after: 100).kinds == ["removeFinalizer"])
    }

    @Test func whatIsBeingSentIsWaitedForAllTheSame() {
        let sending = ObservedDelivery.fixture(to: Self.people[0], Self.people[1]).ready().pass().deleted().with {
            $0.unreadable = [Self.unreadable("c@example.com")]
        }
        #expect(sending.plan(after: 10).actions == [])
    }

    @Test func whatHasEndedIsLetGo() {
        let sent = ObservedDelivery.fixture().ready().pass().settling(.sent(id: nil), at: .start.after(1))
            .pass(at: .start.after(2))
        #expect(sent.delivery.status?.phase == .delivered)
        let damaged = sent.with {
            $0.ledger = .found([])
            $0.unreadable = [Self.unreadable("dana@example.com")]
        }
        let plan = damaged.plan(after: 3)
        #expect(plan.kinds == ["removeFinalizer"] && plan.status == nil)
    }
}
