import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import Testing

@testable import DeliveryPlanning

/// How a delivery ends, what it says then, and when it goes.
@Suite struct DeliveryEndTests {
    private static let people = ["a@example.com", "b@example.com", "c@example.com"]

    private func ended(_ results: [SettlingRule.Result], words: String = "") -> ObservedDelivery {
        var observed = ObservedDelivery.fixture(to: "placeholder@example.com") {
            $0.to = results.indices.map { "r\($0)@example.com" }
        }.ready().pass()
        for (index, result) in results.enumerated() {
            observed = observed.settling(result, of: "r\(index)@example.com", words: words, at: .start.after(1))
        }
        return observed
    }

    // MARK: Words

    @Test func deliveredToOneNamesHimAndToAllCountsThem() throws {
        let one = try #require(ended([.sent(id: "m1")]).plan(after: 5).status)
        #expect(one.phase == .delivered && one.message == "sent to r0@example.com" && one.sent == "1/1")
        #expect(one.completedAt == Timestamp(.start.after(5)))
        let all = try #require(ended([.sent(id: nil), .sent(id: nil), .sent(id: nil)]).plan(after: 5).status)
        #expect(all.message == "sent to all 3 recipients" && all.sent == "3/3")
        #expect(all.recipients?.first?.id == nil && one.recipients?.first?.id == "m1")
    }

    @Test func partlyDeliveredSaysWhoHasNotGotItAndWhy() throws {
        let results: [SettlingRule.Result] = [.sent(id: nil), .refused, .refused, .refused, .refused, .refused]
        let status = try #require(ended(results, words: "550 no").plan(after: 5).status)
        #expect(status.phase == .partlyDelivered && status.sent == "1/6")
        #expect(
            status.message
                == "sent to 1 of 6; r1@example.com: 550 no; r2@example.com: 550 no; r3@example.com: 550 no; and 2 more")
    }

    @Test func failedSaysWhy() throws {
        let plan = ended([.refused], words: "550 no such user").plan(after: 5)
        #expect(plan.status?.phase == .failed && plan.status?.message == "r0@example.com: 550 no such user")
        #expect(plan.condition?.reason == "DeliveryFailed" && plan.status?.sent == "0/1")
    }

    @Test func reasonThatAllCopiesShareIsTheDeliverys() {
        let observed = ended([.deferred(after: nil), .deferred(after: nil)]).with { $0.files = .notAsked }
        let broken = observed.broken("away", since: .start).pass(at: .start.after(86400))
        #expect(broken.plan(after: 86400).condition?.reason == "GaveUp")
        let mixed = broken.with { observed in observed.write(observed.copies[0].with { $0.reason = nil }) }
        #expect(mixed.plan(after: 86400).condition?.reason == "DeliveryFailed")
    }

    @Test func conditionFollowsThePhase() {
        func condition(_ observed: ObservedDelivery, after seconds: Double) -> [String?] {
            let condition = observed.plan(after: seconds).condition
            return [condition?.type, condition?.status, condition?.reason]
        }
        #expect(condition(.fixture(), after: 0) == ["Delivered", "Unknown", "Rendering"])
        #expect(condition(.fixture(.mqtt), after: 0) == ["Delivered", "Unknown", "Sending"])
        #expect(condition(.fixture().with { $0.channel = nil }, after: 0) == ["Delivered", "Unknown", "Pending"])
        #expect(condition(ended([.sent(id: nil)]), after: 5) == ["Delivered", "True", "Delivered"])
        #expect(condition(ended([.sent(id: nil), .refused]), after: 5) == ["Delivered", "False", "PartlyDelivered"])
        #expect(condition(ended([.refused]), after: 5) == ["Delivered", "False", "DeliveryFailed"])
    }

    @Test func conditionsTimeIsThatOfItsChange() {
        let pinned = ObservedDelivery.fixture().pass()
        let sending = pinned.pass(at: .start.after(9)).pass(at: .start.after(10)).pass(at: .start.after(20))
        #expect(sending.delivery.status?.conditions?.first?.lastTransitionTime == Timestamp(.start))
        let sent = sending.settling(.sent(id: nil), at: .start.after(30)).pass(at: .start.after(31))
        #expect(sent.delivery.status?.conditions?.first?.lastTransitionTime == Timestamp(.start.after(31)))
    }

    /// All of it stands in the ledger first: a status that says so may let the resource go.
    @Test func endIsToldOnceTheLedgerHoldsTheEndOfEachCopy() {
        let observed = ObservedDelivery.fixture(to: "x@elsewhere.example").pass()
            .with { $0.delivery.metadata.finalizers = [ReportsAPI.Finalizer.delivery] }
        let plan = observed.plan()
        #expect(plan.kinds == ["end x@elsewhere.example Failed"] && plan.status?.phase == .sending)
        #expect(observed.pass().plan().status?.phase == .failed)
    }

    @Test func endIsToldThoughTheChannelIsGoneOrBroken() {
        let sent = ended([.sent(id: nil)])
        #expect(sent.with { $0.channel = nil }.plan(after: 5).status?.phase == .delivered)
        #expect(sent.broken("away", since: .start).plan(after: 5).status?.phase == .delivered)
        #expect(sent.with { $0.standing = .untried }.plan(after: 5).status?.phase == .delivered)
        let closed = sent.channel { $0.allowedNamespaces = NamespaceSelector(matchLabels: ["x": "y"]) }
        #expect(closed.plan(after: 5).status?.phase == .delivered)
    }

    // MARK: The status' writes

    @Test func statusIsWrittenAtMostEveryTwoSecondsButItsPinAndItsEndAtOnce() {
        let written = ended([.sent(id: nil), .deferred(after: 60)]).with { $0.writtenAt = .start.after(1.5) }
        let early = written.plan(after: 2)
        #expect(early.status == nil && early.wakeAt == .start.after(3.5))
        #expect(written.plan(after: 3.5).status?.sent == "1/2")
        let over = ended([.sent(id: nil)]).with { $0.writtenAt = .start.after(1.5) }
        #expect(over.plan(after: 1.6).status?.phase == .delivered)
        #expect(ObservedDelivery.fixture().with { $0.writtenAt = .start }.plan().status?.pinned != nil)
        // What is told before the pin is no hurry.
        let pending = ObservedDelivery.fixture().with {
            $0.channel = nil
            $0.writtenAt = .start
        }
        #expect(pending.plan(after: 1).status == nil && pending.plan(after: 2).status != nil)
        // Written in the future: the clock was set back.
        #expect(written.with { $0.writtenAt = .start.after(5000) }.plan(after: 9).status != nil)
    }

    @Test func whatIsWrittenIsNotWrittenAgain() {
        var observed = ended([.sent(id: nil), .deferred(after: 60)]).pass(at: .start.after(5))
        #expect(observed.plan(after: 6).status == nil)
        observed = ended([.sent(id: nil)]).pass(at: .start.after(5))
        #expect(observed.plan(after: 6).status == nil)
    }

    // MARK: Its life after the end

    @Test func finalizerGoesFirstThenTheResourceWhenItsTimeIsOver() {
        var over = ended([.sent(id: nil)]).pass(at: .start.after(5))
        #expect(over.plan(after: 6).kinds == ["removeFinalizer"] && over.plan(after: 6).status == nil)
        over = over.pass(at: .start.after(6))
        let week = 5.0 + 7 * 86400
        #expect(over.plan(after: 7).isEmpty && over.plan(after: 7).wakeAt == .start.after(week))
        #expect(over.plan(after: week - 1).actions == [] && over.plan(after: week).kinds == ["delete"])
    }

    @Test func timeToLiveIsTheDeliverysOwnAndZeroIsAtOnce() {
        func over(_ seconds: Int) -> ObservedDelivery {
            ObservedDelivery.fixture { $0.ttlSecondsAfterFinished = seconds }.ready().pass()
                .settling(.sent(id: nil), at: .start).pass().pass()
        }
        #expect(over(60).plan(after: 59).actions == [] && over(60).plan(after: 60).kinds == ["delete"])
        #expect(over(0).plan().kinds == ["delete"])
        #expect(over(.max).plan(after: 1e9).actions == [])
    }

    /// Also of what never began.
    @Test func failedDeliveryGoesAfterItsTime() {
        let broken = ObservedDelivery.fixture().with { $0.delivery.spec = .fault("spec.to: expected a list") }.pass()
        #expect(broken.plan().actions == [] && broken.plan().wakeAt == .start.after(7 * 86400))
    }

    // MARK: Deletion

    @Test func deletionCancelsWhatIsUnclaimedAndWaitsForWhatIsClaimed() throws {
        let observed = ObservedDelivery.fixture(to: Self.people[0], Self.people[1], Self.people[2]).ready()
        let claimed = observed.applying(observed.plan().only("a@example.com"), at: .start)
        // Of another courier's.
        var both = claimed.applying(observed.plan().only("b@example.com"), at: .start)
        both.inFlight = ["a@example.com"]
        let deleted = both.deleted()
        let plan = deleted.plan(after: 100)
        #expect(plan.kinds == ["end c@example.com Cancelled"] && plan.wakeAt == .start.after(600))
        let cancelled = try #require(plan.ended.first)
        #expect(cancelled.reason == "DeliveryDeleted" && cancelled.tries == 0)
        #expect(cancelled.detail == "the delivery was deleted before this was sent")
        // Its status is nobody's any more.
        #expect(plan.status == nil)
        var next = deleted.pass(at: .start.after(100))
        #expect(next.plan(after: 101).kinds == [])
        next = next.settling(.sent(id: nil), of: "a@example.com", at: .start.after(102))
        #expect(next.plan(after: 103).kinds == [] && next.plan(after: 103).wakeAt == .start.after(600))
        #expect(next.plan(after: 600).kinds == ["end b@example.com Unknown"])
        next = next.pass(at: .start.after(600))
        #expect(next.plan(after: 601).kinds == ["removeFinalizer"])
    }

    /// Of two hundred, most wait for their turn: the ledger decides whether their claim or their end was first.
    @Test func deletionCancelsWhatWaitsForItsTurn() {
        let begun = ObservedDelivery.fixture().ready().with { $0.inFlight = ["dana@example.com"] }
        #expect(begun.plan(after: 100).actions == [])
        #expect(begun.deleted().plan(after: 100).kinds == ["end dana@example.com Cancelled"])
        let claimed = ObservedDelivery.fixture().ready().pass().deleted()
        #expect(claimed.plan(after: 100).actions == [] && claimed.plan(after: 100_000).actions == [])
    }

    @Test func deletionCancelsWhatWouldBeTriedAgain() {
        let deferred = ended([.deferred(after: nil)]).deleted()
        #expect(deferred.plan(after: 100).kinds == ["end r0@example.com Cancelled"])
        let uncertain = ended([.uncertain]).deleted()
        #expect(uncertain.plan(after: 100).kinds == ["end r0@example.com Unknown"])
    }

    @Test func deletionOfWhatWasNeverClaimedLeavesNothingToDo() {
        #expect(ObservedDelivery.fixture().pass().deleted().plan(after: 100) == DeliveryPlan())
        #expect(ObservedDelivery.fixture().deleted().plan(after: 100) == DeliveryPlan())
    }

    @Test func deletionWaitsForTheLedgerAndSaysSo() {
        let away = ObservedDelivery.fixture().ready().deleted().with {
            $0.ledger = .unknown("MongoDB can't be reached")
        }
        let plan = away.plan(after: 100)
        #expect(plan.actions == [] && plan.isImpatient && plan.status?.message == "MongoDB can't be reached")
    }
}

extension DeliveryPlan {
    /// The plan with that recipient's action alone.
    fileprivate func only(_ recipient: String) -> DeliveryPlan {
        var plan = self
        plan.actions = actions.filter { action in
            if case .send(let copy, _) = action { copy.recipient == recipient } else { false }
        }
        return plan
    }
}
