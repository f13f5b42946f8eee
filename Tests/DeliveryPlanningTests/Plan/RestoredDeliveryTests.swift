import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import Testing

@testable import DeliveryPlanning

/// Neither a restored MongoDB nor a restored etcd sends anything again that either says was sent.
@Suite struct RestoredDeliveryTests {
    private static let people = ["a@example.com", "b@example.com", "c@example.com"]

    /// One copy sent, one failed, one deferred, all of it told.
    private static var told: ObservedDelivery {
        ObservedDelivery.fixture(to: people[0], people[1], people[2]).ready().pass()
            .settling(.sent(id: "m1"), of: people[0], words: "250 ok", at: .start.after(1))
            .settling(.refused, of: people[1], words: "550 no", at: .start.after(1))
            .settling(.deferred(after: nil), of: people[2], words: "451 busy", at: .start.after(1))
            .pass(at: .start.after(2))
    }

    /// As a copy of before the sends brings it back.
    private static func etcdRestored(_ observed: ObservedDelivery) -> ObservedDelivery {
        observed.with {
            $0.delivery.status = nil
            $0.delivery.metadata.finalizers = []
        }
    }

    /// The courier was killed after the ledger had the outcome, and the next one has no file on its disk.
    @Test func filesAreToldFromTheLedgerWhereTheStatusWasNeverWritten() {
        let file = ReportDeliveryStatus.File(format: "pdf", name: "tb.pdf", size: 10, sha256: "ab")
        let sent = ObservedDelivery.fixture().ready().pass().settling(.sent(id: "m1"), at: .start.after(1)).with {
            $0.files = .notAsked
            $0.inFlight = []
            $0.delivery.status?.files = nil
            var copy = $0.copies[0]
            copy.files = [file]
            $0.write(copy)
        }
        let status = sent.plan(after: 5).status
        #expect(status?.phase == .delivered && status?.files == [file])
    }

    @Test func emptyLedgerIsFilledFromTheStatusAndNothingOfItIsSentAgain() {
        let restored = Self.told.with { $0.ledger = .found([]) }
        #expect(Self.told.delivery.status?.recipients?.map(\.phase) == [.sent, .failed, .pending])
        let plan = restored.plan(after: 60)
        #expect(plan.kinds == ["end a@example.com Sent", "end b@example.com Failed", "send c@example.com"])
        let filled = restored.pass(at: .start.after(60))
        #expect(filled.copy(Self.people[0])?.sentID == "m1")
        #expect(filled.copy(Self.people[0])?.at == .start.after(1))
        #expect(filled.copy(Self.people[1])?.detail == "550 no")
        #expect(filled.plan(after: 70).actions == [])
    }

    @Test func ledgerOfBeforeTheClaimsGivesWayToTheStatus() {
        // Each copy was deferred once before the backup, and tried again after it.
        let before = ObservedDelivery.fixture().ready().pass().settling(.deferred(after: nil), at: .start.after(1))
        let sent = before.pass(at: .start.after(20)).settling(.sent(id: "m1"), at: .start.after(21))
            .with { $0.writtenAt = nil }
        let claimed = before.pass(at: .start.after(20)).pass(at: .start.after(21))
        #expect(claimed.delivery.status?.recipients?.first?.phase == .sending)
        var status = claimed.delivery.status
        // A status that tells the end of the copy, and not yet that of the delivery.
        status?.recipients = sent.plan(after: 21).status?.recipients
        let told = sent.with {
            $0.delivery.status = status
            $0.ledger = before.ledger
        }
        #expect(told.plan(after: 100).kinds == ["end dana@example.com Sent"])
        // One that tells of the claim alone: it may have been sent, and is repeated as such.
        let lost = claimed.with {
            $0.ledger = before.ledger
            $0.inFlight = []
        }
        #expect(lost.plan(after: 100).actions == [] && lost.plan(after: 100).wakeAt == .start.after(620))
        #expect(lost.plan(after: 620).claim?.possiblyTwice == true)
    }

    /// The status follows the ledger by some seconds; that is no restore.
    @Test func statusThatLagsIsNoRestore() {
        let claimed = ObservedDelivery.fixture().ready().pass().pass()
        #expect(claimed.delivery.status?.recipients?.first?.phase == .sending)
        let deferred = claimed.settling(.deferred(after: nil), at: .start.after(1))
        #expect(deferred.plan(after: 13).claim?.possiblyTwice == nil)
        #expect(deferred.plan(after: 13).claim?.tries == 2)
    }

    @Test func claimThatOnlyTheStatusKnowsIsWaitedFor() {
        let claimed = ObservedDelivery.fixture().ready().pass().pass().with {
            $0.ledger = .found([])
            $0.inFlight = []
        }
        let plan = claimed.plan(after: 5)
        #expect(plan.actions == [] && plan.wakeAt == .start.after(600))
        // And looked at again it is the same: it rests.
        #expect(claimed.applying(plan, at: .start.after(5)).plan(after: 50).status == nil)
        #expect(claimed.plan(after: 600).claim?.possiblyTwice == true)
        #expect(claimed.with { $0.repeatsHarmlessly = true }.plan(after: 600).claim?.possiblyTwice == nil)
    }

    /// Attempt, publication and formats come from the ledger, whatever has become of the report.
    @Test func lostStatusIsPinnedAgainAsTheLedgerHasItAndNothingIsSentAgain() {
        let report = ObservedDelivery.Report.succeeded(
            attempt: 2, published: .init(attempt: 2, id: "p2", rows: 0), formats: [.csv])
        var restored = Self.etcdRestored(Self.told).report(report)
        #expect(restored.plan(after: 5).status?.pinned == Self.told.delivery.status?.pinned)
        #expect(restored.plan(after: 5).actions == [])
        restored = restored.pass(at: .start.after(5)).with { $0.writtenAt = nil }
        #expect(restored.plan(after: 6).status?.sent == "1/3")
        #expect(restored.plan(after: 30).kinds == ["addFinalizer", "send c@example.com"])
    }

    @Test func lostStatusOfWhatIsOverIsToldAgain() {
        var over = ObservedDelivery.fixture().ready().pass().settling(.sent(id: "m1"), at: .start.after(1))
            .pass(at: .start.after(2))
        #expect(over.delivery.status?.phase == .delivered)
        over = Self.etcdRestored(over).with { $0.report = .missing }
        over = over.pass(at: .start.after(90)).pass(at: .start.after(91))
        #expect(over.delivery.status?.phase == .delivered && over.delivery.status?.sent == "1/1")
        #expect(over.plan(after: 92).actions == [])
    }

    @Test func whatIsOverIsLetGoOnlyOnceTheLedgerHoldsItAgain() {
        let over = Self.told.settling(.sent(id: nil), at: .start).with { observed in
            observed.write(observed.copies[2].with { $0.phase = .sent })
        }.pass(at: .start.after(9))
        #expect(over.delivery.status?.phase == .partlyDelivered)
        #expect(over.plan(after: 10).kinds == ["removeFinalizer"])
        let emptied = over.with { $0.ledger = .found([]) }
        #expect(
            emptied.plan(after: 10).kinds
                == ["end a@example.com Sent", "end b@example.com Failed", "end c@example.com Sent"])
        #expect(emptied.plan(after: 10).status == nil)
        let held = emptied.pass(at: .start.after(10))
        #expect(held.plan(after: 11).kinds == ["removeFinalizer"] && held.plan(after: 11).status == nil)
        let away = over.with { $0.ledger = .unknown("MongoDB can't be reached") }
        #expect(away.plan(after: 10).isImpatient && away.plan(after: 10).isEmpty)
    }

    @Test func copiesThatTheStatusHasForgottenAreCancelledWithTheRest() {
        let restored = Self.told.with { $0.delivery.status = nil }.deleted()
        #expect(restored.plan(after: 200).kinds == ["end c@example.com Cancelled"])
        #expect(restored.pass(at: .start.after(200)).plan(after: 201).kinds == ["removeFinalizer"])
    }
}
