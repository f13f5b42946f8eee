import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import Testing

@testable import DeliveryPlanning

/// Which copies are claimed, when, and how often.
@Suite struct SendingTests {
    private static let dana = "dana@example.com"

    /// One copy that was deferred at the first try, at the start.
    private static func deferred(_ kind: ReportChannelSpec.Kind = .mail, after: Int64? = nil) -> ObservedDelivery {
        ObservedDelivery.fixture(kind).ready().pass()
            .settling(.deferred(after: after), words: "451 try again later", at: .start)
    }

    // MARK: Claims

    @Test func finalizerComesBeforeTheFirstClaimAndBeforeTheFirstEnd() {
        let both = ObservedDelivery.fixture(to: Self.dana, "x@elsewhere.example").pass()
        #expect(both.plan().kinds == ["addFinalizer", "end x@elsewhere.example Failed", "makeFiles pdf"])
        #expect(both.pass().plan().kinds == ["send \(Self.dana)"])
        #expect(both.pass().pass().plan().actions == [])
        let one = ObservedDelivery.fixture().pass().pass()
        #expect(one.plan().kinds == ["addFinalizer", "send \(Self.dana)"])
    }

    @Test func nothingIsClaimedBeforeThePinAndTheFilesStand() {
        let new = ObservedDelivery.fixture()
        #expect(new.plan().actions == [])
        #expect(new.pass().plan().kinds == ["makeFiles pdf"])
        // Of another attempt of this process: the pin's write was lost.
        #expect(new.with { $0.files = .ready([]) }.plan().actions == [])
    }

    @Test func claimSaysWhatIsSentAndCountsTheTry() throws {
        let plan = ObservedDelivery.fixture().ready().plan(after: 7)
        let claim = try #require(plan.claim)
        #expect(claim.id == "d1/dana@example.com" && claim.phase == .sending && claim.tries == 1 && claim.epoch == 1)
        #expect(claim.firstTriedAt == .start.after(7) && claim.at == .start.after(7))
        #expect(claim.attempt == 1 && claim.publication == "p1" && claim.formats == ["pdf"])
        #expect(claim.namespace == "finance" && claim.name == "books" && claim.reportID == "0b8f")
        #expect(claim.channel == "books" && claim.type == "Mail")
        #expect(plan.actions == [.send(claim, before: nil)])
    }

    @Test func everyCopyIsClaimedAtOnceAndThoseInFlightAreLeftAlone() {
        let observed = ObservedDelivery.fixture(to: "a@example.com", "b@example.com", "c@example.com").ready()
        #expect(observed.plan().kinds == ["send a@example.com", "send b@example.com", "send c@example.com"])
        // The claim of `b` isn't written yet.
        let begun = observed.with { $0.inFlight = ["b@example.com"] }
        #expect(begun.plan().kinds == ["send a@example.com", "send c@example.com"])
        #expect(observed.pass().plan().actions == [] && observed.pass().plan(after: 100_000).actions == [])
    }

    @Test func claimOfAnotherCourierIsLeftAloneUntilItIsOver() {
        let theirs = ObservedDelivery.fixture().ready().pass().with { $0.inFlight = [] }
        let plan = theirs.plan(after: 599)
        #expect(plan.actions == [] && plan.wakeAt == .start.after(600))
    }

    @Test func claimWithoutADeadlineLastsTenMinutes() {
        var theirs = ObservedDelivery.fixture().ready().pass().with { $0.inFlight = [] }
        theirs.write(theirs.copies[0].with { $0.deadline = nil })
        #expect(theirs.plan(after: 599).wakeAt == .start.after(600))
        #expect(theirs.plan(after: 600).claim != nil)
    }

    @Test func lostClaimIsRepeatedAsOftenAsItTakesWhereThatIsHarmless() throws {
        var observed = ObservedDelivery.fixture(.folder).ready().pass()
        var now = Date.start
        for tries in 2...5 {
            now = now.after(600)
            let claim = try #require(observed.with { $0.inFlight = [] }.plan(at: now).claim)
            #expect(claim.tries == tries && claim.possiblyTwice == nil && claim.epoch == Int64(tries))
            observed = observed.with { $0.inFlight = [] }.pass(at: now)
        }
        let sent = observed.settling(.sent(id: nil), at: now)
        #expect(sent.plan(at: now).status?.phase == .delivered)
    }

    @Test func lostClaimOfAMailIsRepeatedOnceAndMarkedAndTheSecondIsUnknown() throws {
        let lost = ObservedDelivery.fixture().ready().pass().with { $0.inFlight = [] }
        let again = try #require(lost.plan(after: 600).claim)
        #expect(again.possiblyTwice == true && again.uncertain == 1 && again.tries == 2)
        let lostAgain = lost.pass(at: .start.after(600)).with { $0.inFlight = [] }
        #expect(lostAgain.plan(after: 1199).wakeAt == .start.after(1200))
        let plan = lostAgain.plan(after: 1200)
        #expect(plan.kinds == ["end \(Self.dana) Unknown"])
        #expect(
            plan.ended.first?.detail
                == "the answer to 2 tries was lost; it may have arrived all the same: ask the recipient before it is "
                + "sent again")
        // The mark comes with the second try, and goes with the copy.
        let sent = lost.pass(at: .start.after(600)).settling(.sent(id: "250 ok"), at: .start.after(601))
        #expect(sent.copy()?.possiblyTwice == true)
        #expect(sent.plan(after: 602).status?.recipients?.first?.possiblyTwice == true)
    }

    /// What brings the courier down whenever it is sent must end one day.
    @Test func lostClaimsCountAsTrying() throws {
        var observed = ObservedDelivery.fixture(.folder).channel { $0.retryFor = ReportDuration("1h") }.ready()
        var (now, tries) = (Date.start, 0)
        while observed.with({ $0.inFlight = [] }).plan(at: now).claim != nil, tries < 100 {
            observed = observed.with { $0.inFlight = [] }.pass(at: now)
            (now, tries) = (now.after(600), tries + 1)
        }
        #expect((6...12).contains(tries))
        let ended = try #require(observed.with { $0.inFlight = [] }.plan(at: now).ended.first)
        #expect(ended.phase == .unknown && ended.reason == "GaveUp")
    }

    // MARK: Tries

    @Test func deferredCopyIsTriedAgainAfterPausesThatDouble() throws {
        var observed = Self.deferred()
        var now = Date.start
        for (tries, pause) in zip(1..., [10.0, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]) {
            #expect(observed.plan(at: now).actions == [])
            let due = try #require(observed.plan(at: now).wakeAt)
            #expect(abs(due.timeIntervalSince(now) - pause) <= pause / 5)
            #expect(observed.plan(at: due.after(-1)).actions == [])
            now = due
            observed = observed.pass(at: now)
            #expect(observed.copy()?.tries == tries + 1)
            observed = observed.settling(.deferred(after: nil), words: "451 try again later", at: now)
        }
        let status = try #require(observed.plan(at: now).status)
        #expect(status.attempts == 12 && status.phase == .sending && status.recipients?.first?.phase == .pending)
        #expect(status.message?.hasPrefix("\(Self.dana): 451 try again later; next try at ") == true)
    }

    /// What failed together isn't tried together.
    @Test func pausesOfCopiesDiffer() {
        let pauses = Set((0..<200).map { RetryRule.pause(afterTries: 9, of: "d1/r\($0)@example.com") })
        #expect(pauses.count > 100 && pauses.allSatisfy { (2048...3072).contains($0) })
        #expect((0...100).allSatisfy { (8...4320).contains(RetryRule.pause(afterTries: $0, of: "x")) })
        #expect(RetryRule.pause(afterTries: .max, of: "x") <= 4320)
    }

    @Test func otherSideIsNotAskedBeforeItsTime() {
        let observed = Self.deferred(after: 7200)
        #expect(observed.plan(after: 7199).actions == [] && observed.plan(after: 7199).wakeAt == .start.after(7200))
        #expect(observed.plan(after: 7200).claim?.notBefore == nil)
        #expect(observed.plan(after: 7200).claim != nil)
    }

    @Test func itGivesUpADayAfterTheFirstTryWithTheServersWords() throws {
        var (observed, now) = (Self.deferred(), Date.start)
        while let due = observed.plan(at: now).wakeAt {
            now = due
            let next = observed.pass(at: now)
            observed = next.settling(.deferred(after: nil), words: "451 try again later", at: now)
            guard now < .start.after(200_000) else { break }
        }
        #expect((86400...86400 + 4320 + 10).contains(now.timeIntervalSince(.start)))
        observed = observed.pass(at: now)
        let plan = observed.plan(at: now)
        #expect(plan.kinds == [] && plan.status?.phase == .failed && plan.condition?.reason == "GaveUp")
        let copy = try #require(observed.copy())
        #expect(copy.phase == .failed)
        #expect(copy.detail == "gave up after \(copy.tries) tries: 451 try again later")
    }

    @Test func channelSaysHowLongIsTried() {
        let observed = Self.deferred().channel { $0.retryFor = ReportDuration("10s") }
        let once = observed.pass(at: .start.after(12)).settling(.deferred(after: nil), at: .start.after(12))
        #expect(observed.plan(after: 12).claim?.triedFor == 12)
        #expect(once.plan(after: 12).kinds == ["end \(Self.dana) Failed"])
    }

    /// The clock stands still while MongoDB, or the courier, is away; a pause that the other side asks for does count.
    @Test func timeWhenNothingCouldBeTriedDoesNotCount() throws {
        let away = try #require(Self.deferred().plan(after: 50_000).claim)
        #expect(away.triedFor ?? 0 < 10 + 2 + 121)
        let asked = try #require(Self.deferred(after: 50_000).plan(after: 50_010).claim)
        #expect(asked.triedFor == 50_010)
    }

    @Test func copyThatWasNeverTriedIsTriedHoweverOldTheDeliveryIs() {
        #expect(ObservedDelivery.fixture().ready().plan(after: 500_000).kinds == ["send \(Self.dana)"])
    }

    // MARK: Recipients

    @Test func recipientWhomTheChannelDoesNotTakeFailsAlone() throws {
        let both = ObservedDelivery.fixture(to: Self.dana, "x@elsewhere.example").ready()
        let settled = both.pass().settling(.sent(id: nil), at: .start)
        let copy = try #require(settled.copy("x@elsewhere.example"))
        #expect(copy.phase == .failed && copy.reason == "InvalidRecipient" && copy.tries == 0)
        #expect(copy.detail == #""x@elsewhere.example" is not among the channel's allowedRecipients"#)
        let plan = settled.plan()
        #expect(plan.status?.phase == .partlyDelivered && plan.status?.sent == "1/2")
    }

    /// With what the channel says then: also at a later try, and of a claim that was lost.
    @Test func allowedRecipientsAreLookedAtAtEachTry() {
        func narrowed(_ observed: ObservedDelivery) -> ObservedDelivery {
            observed.channel { $0.mail?.allowedRecipients = ["@partner.example"] }
        }
        #expect(narrowed(Self.deferred()).plan(after: 1).kinds == ["end \(Self.dana) Failed"])
        let lost = ObservedDelivery.fixture().ready().pass().with { $0.inFlight = [] }
        #expect(narrowed(lost).plan(after: 600).kinds == ["end \(Self.dana) Unknown"])
    }

    @Test func oneRecipientsTroubleHoldsBackNobodyElse() {
        let observed = ObservedDelivery.fixture(to: "a@example.com", "b@example.com", "c@example.com").ready().pass()
            .settling(.deferred(after: nil), of: "a@example.com", words: "451 busy", at: .start)
            .settling(.refused, of: "b@example.com", words: "550 no such user", at: .start)
            .settling(.sent(id: "250"), of: "c@example.com", at: .start)
        #expect(observed.copies.map(\.phase) == [.pending, .failed, .sent])
        let status = observed.plan().status
        #expect(status?.phase == .sending && status?.sent == "1/3")
        #expect(observed.plan(after: 12).kinds == ["send a@example.com"])
    }
}

extension DeliveryCopy {
    func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}
