import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import Testing

@testable import DeliveryPlanning

/// What is missing is waited for, and told of.
@Suite struct PatienceTests {
    // MARK: The record

    @Test func recordThatLagsIsWaitedForImpatientlyAndAMomentIsNotWorthAWord() {
        let observed = ObservedDelivery.fixture().with { $0.report = .missing }
        var plan = observed.plan(after: 1)
        #expect(plan.isImpatient && plan.isEmpty)
        plan = observed.plan(after: 3)
        #expect(plan.isImpatient && plan.status?.phase == .pending)
        #expect(
            plan.status?.message
                == "there is no report \"0b8f\" in the namespace finance; kubectl get rr -o wide and kubectl report "
                + "history show their ids")
        plan = observed.plan(after: 599)
        #expect(plan.isImpatient && plan.status?.phase == .pending)
        plan = observed.plan(after: 600)
        #expect(!plan.isImpatient && plan.status?.phase == .failed && plan.condition?.reason == "ReportNotFound")
    }

    /// The operator, too, can write only when MongoDB is back.
    @Test func patienceBeginsWhenMongoDBIsBack() {
        let observed = ObservedDelivery.fixture().with {
            $0.report = .missing
            $0.readableSince = .start.after(7200)
        }
        #expect(observed.plan(after: 7799).status?.phase == .pending)
        #expect(observed.plan(after: 7800).status?.phase == .failed)
    }

    /// Not even its existence is told.
    @Test func reportOfAnotherNamespaceIsNotFound() {
        let other = ObservedDelivery.fixture().with {
            $0.report = .found(
                .init(namespace: "sales", origin: .unknown, createdAt: .start, phase: .succeeded, attempt: 1))
        }
        let missing = ObservedDelivery.fixture().with { $0.report = .missing }
        for seconds in [0, 10, 700.0] { #expect(other.plan(after: seconds) == missing.plan(after: seconds)) }
        #expect(other.plan(after: 700).condition?.reason == "ReportNotFound")
    }

    @Test func attemptThatIsNotRecordedYetIsWaitedForWithTheSamePatience() {
        let observed = ObservedDelivery.fixture { $0.attempt = 2 }
        #expect(observed.plan().isImpatient)
        #expect(
            observed.plan(after: 10).status?.message == "attempt 2 of the report is not recorded yet; the newest is 1")
        #expect(observed.plan(after: 700).condition?.reason == "ReportNotFound")
    }

    /// The operator makes deliveries at the end; a person may do it before, and then it takes as long as the run.
    @Test func endThatIsNotRecordedYetIsWaitedForAsLongAsTheRunGoesOn() {
        let observed = ObservedDelivery.fixture { $0.attempt = 1 }.report(.ended(.running))
        #expect(observed.plan().isImpatient)
        let plan = observed.plan(after: 700)
        #expect(!plan.isImpatient && plan.status?.phase == .pending && plan.wakeAt == .start.after(730))
        #expect(observed.report(.succeeded()).plan(after: 90_000).status?.pinned != nil)
    }

    // MARK: MongoDB

    @Test func withoutTheLedgerNothingIsPinnedOrSent() {
        let away = "MongoDB can't be reached"
        let new = ObservedDelivery.fixture().with { $0.ledger = .unknown(away) }
        #expect(new.plan().isImpatient && new.plan().actions == [])
        #expect(new.plan().status?.message == away && new.plan().status?.phase == .pending)
        let ready = ObservedDelivery.fixture().ready().with { $0.ledger = .unknown(away) }
        #expect(ready.plan().isImpatient && ready.plan().actions == [])
        let unread = ObservedDelivery.fixture().with { $0.report = .unknown(away) }
        #expect(unread.plan().isImpatient && unread.plan().status?.message == away)
    }

    @Test func whatEndsItStandsWithoutTheLedgerWhereNothingWasEverClaimed() {
        let observed = ObservedDelivery.fixture { $0.formats = ["doc"] }.with { $0.ledger = .unknown("away") }
        #expect(observed.plan().status?.phase == .failed)
        let claimed = observed.with { $0.delivery.metadata.finalizers = [ReportsAPI.Finalizer.delivery] }
        #expect(claimed.plan().status?.phase == .pending && claimed.plan().isImpatient)
    }

    // MARK: The channel

    @Test func channelThatIsMissingIsWaitedForADay() {
        let observed = ObservedDelivery.fixture().with {
            $0.channel = nil
            $0.namespaceLabels = nil
        }
        let plan = observed.plan()
        #expect(
            plan.status?.message
                == "there is no channel \"books\" in the namespace report-operator; kubectl get rch -n report-operator "
                + "shows those that there are")
        #expect(plan.status?.phase == .pending && plan.wakeAt == .start.after(86400) && plan.actions == [])
        let end = observed.plan(after: 86400)
        #expect(end.status?.phase == .failed && end.condition?.reason == "GaveUp")
        #expect(end.status?.message?.hasPrefix("gave up after 24h: there is no channel \"books\"") == true)
    }

    @Test func channelThatIsNotWellWrittenIsWaitedFor() {
        let observed = ObservedDelivery.fixture().with { $0.channel?.spec = .fault("spec.type: is required") }
        #expect(observed.plan().status?.phase == .pending)
        #expect(
            observed.plan().status?.message == "channel books is not written as it should be; see its status")
    }

    @Test func namespaceThatIsNotKnownYetIsWaitedFor() {
        let observed = ObservedDelivery.fixture().with { $0.namespaceLabels = nil }
        #expect(observed.plan() == .init(impatient: true))
        #expect(ObservedDelivery.fixture().ready().with { $0.namespaceLabels = nil }.plan().actions == [])
    }

    @Test func channelThatIsBeingTriedIsWaitedForWithoutAWord() {
        let observed = ObservedDelivery.fixture().ready().with {
            $0.standing = .untried
            $0.files = .notAsked
        }
        #expect(observed.plan() == DeliveryPlan())
    }

    /// Since when it is, its status says, whoever was away meanwhile.
    @Test func brokenChannelIsWaitedForAsLongAsItTriesFromWhenItBroke() {
        let ready = ObservedDelivery.fixture().channel { $0.retryFor = ReportDuration("2h") }.ready()
        let broken = ready.broken("535 no such account", since: .start.after(9000))
        let plan = broken.plan(after: 9001)
        #expect(plan.actions == [] && plan.wakeAt == .start.after(9000 + 7200))
        #expect(plan.status?.message == "channel books doesn't work: 535 no such account")
        let end = broken.plan(after: 9000 + 7200)
        #expect(end.kinds == ["end dana@example.com Failed"])
        #expect(end.ended.first?.detail == "gave up after 2h: channel books doesn't work: 535 no such account")
        #expect(end.ended.first?.reason == "GaveUp")
        // It has only just been found broken, and its status doesn't say so yet.
        #expect(ready.broken("away", since: nil).plan(after: 90_000).actions == [])
    }

    @Test func deliveryIsPinnedThoughItsChannelIsBroken() {
        #expect(ObservedDelivery.fixture().broken("away", since: .start).plan().status?.pinned != nil)
    }

    /// Otherwise it would be looked at again without a pause.
    @Test func nothingIsWokenForAMomentThatIsOver() {
        let claimed = ObservedDelivery.fixture().ready().pass().with { $0.inFlight = [] }
        let plan = claimed.broken("away", since: .start.after(50)).plan(after: 2000)
        #expect(plan.wakeAt == .start.after(50 + 86400))
    }

    // MARK: Files

    @Test func filesAreMadeOnceItsTurnHasCome() {
        let pinned = ObservedDelivery.fixture(formats: ["pdf", "xlsx"]).pass()
        #expect(pinned.plan().kinds == ["makeFiles pdf,xlsx"])
        #expect(pinned.plan().status?.message == "making pdf, xlsx")
        #expect(pinned.with { $0.files = .beingMade }.plan().actions == [])
        let made = pinned.pass()
        #expect(made.plan().kinds == ["addFinalizer", "send dana@example.com"])
        // The finalizer's write changes what the status would be written to.
        #expect(made.plan().status == nil)
        #expect(
            made.pass().plan().status?.files == [.init(format: "pdf", size: 10), .init(format: "xlsx", size: 10)])
    }

    /// The run's end is told in it, which is read with the files.
    @Test func noticeIsPreparedWithoutFiles() {
        let observed = ObservedDelivery.fixture { $0.when = .always }.report(.ended(.failed)).pass()
        #expect(observed.delivery.status?.phase == .sending)
        #expect(observed.plan().kinds == ["makeFiles "])
        #expect(observed.pass().plan().kinds == ["addFinalizer", "send dana@example.com"])
        #expect(observed.pass().pass().plan().status?.files == nil)
    }

    @Test func filesThatCanNotBeMadeEndIt() {
        let observed = ObservedDelivery.fixture().pass().with { $0.files = .impossible("column x is unknown") }
        let ended = observed.pass()
        #expect(ended.copy()?.phase == .failed && ended.copy()?.detail == "column x is unknown")
        let plan = ended.plan()
        #expect(plan.status?.phase == .failed && plan.condition?.reason == "FileNotMade")
        #expect(plan.status?.message == "dana@example.com: column x is unknown")
    }

    @Test func filesThatCanNotBeMadeForNowAreMadeAgainInAWhile() {
        let observed = ObservedDelivery.fixture().pass().with {
            $0.files = .troubled("out of memory", again: .start.after(20))
        }
        #expect(observed.plan().actions == [] && observed.plan().wakeAt == .start.after(20))
        #expect(observed.plan().status?.message == "out of memory")
        #expect(observed.plan(after: 20).kinds == ["makeFiles pdf"])
    }

    /// An hour's pause needs no files on the disk.
    @Test func filesAreNotMadeForCopiesThatAreNotDue() {
        let waiting = ObservedDelivery.fixture().ready().pass().settling(.deferred(after: 3600), at: .start.after(1))
            .with { $0.files = .notAsked }
        #expect(waiting.plan(after: 10).actions == [])
        let due = waiting.plan(after: 3601)
        #expect(due.kinds == ["makeFiles pdf"] && due.status?.phase == .sending)
    }
}

extension DeliveryPlan {
    fileprivate init(impatient: Bool) {
        self.init()
        isImpatient = impatient
    }
}
