import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import Testing

@testable import DeliveryPlanning

@Suite struct TicketPlannerTests {
    /// Where the API server has to be asked, it has what the watch has.
    private static func plan(_ observed: ObservedTickets, at seconds: Double = 60) -> TicketPlan {
        let plan = TicketPlanner.plan(observed, now: .start.after(seconds))
        guard plan.mustAsk, case .seen(let trigger) = observed.trigger else { return plan }
        return TicketPlanner.plan(observed.with { $0.trigger = .asked(trigger) }, now: .start.after(seconds))
    }

    /// The entry that is sent, if one alone is.
    private static func sent(_ plan: TicketPlan) -> TicketEntry? {
        guard plan.actions.count == 1, case .send(let entry, _) = plan.actions[0] else { return nil }
        return entry
    }

    private static func ended(_ plan: TicketPlan) -> TicketEntry? {
        guard plan.actions.count == 1, case .end(let entry, _) = plan.actions[0] else { return nil }
        return entry
    }

    // MARK: Opening

    @Test func firingOpensATicketWithWhatIsKnownOfIt() throws {
        let plan = Self.plan(.fixture(.ticketed(.ticketed())))
        let entry = try #require(Self.sent(plan))
        #expect(entry.state == .opening && entry.tries == 1 && entry.epoch == 1 && entry.cluster == "c1")
        #expect(entry.labels == ["machine": "press-4", "alertname": "Stopped"], "what it matched by is known, too")
        #expect(plan.status?.openTickets == 0 && plan.status?.ticketsReady?.reason == Reason.ticketsSent)
    }

    private static let unopened: [ObservedTickets] = [
        .fixture(.ticketed(.ticketed(ended: 30))), .fixture(.ticketed(.ticketed(heard: -3600))),
        .fixture(.ticketed()), .fixture(.ticketed(.ticketed(), channel: nil)),
        .fixture(.ticketed(.ticketed()), .fixture(.open)), .fixture(.ticketed(.ticketed()), .fixture(.failed)),
        .fixture(.ticketed(.ticketed(ended: 30)), .fixture(.closed)),
        .fixture(.ticketed(.ticketed(), channel: nil), .fixture(.closed)),
        .fixture(.ticketed(.ticketed())).with { $0.inFlight = [TicketEntry.fixture(.open).id] },
        .fixture(.ticketed(.ticketed())).with { $0.home = .missing },
        .fixture(.ticketed(.ticketed())).with { $0.home = .unknown("away") },
        .fixture(.ticketed(.ticketed())).with { $0.namespaceLabels = nil },
        .fixture(.ticketed(.ticketed())).with { $0.ledger = .unknown("MongoDB is away") },
        .fixture(.ticketed(.ticketed())).with {
            $0.ledger = .found(TicketEntries(unreadable: [TicketEntry.fixture(.open).id: "state: is odd"]))
        },
        .fixture(.ticketed(.ticketed())).channel(.tickets(), .untried),
    ]

    @Test("What has ended, or was never, opens none", arguments: unopened)
    func opensNone(observed: ObservedTickets) { #expect(Self.plan(observed).actions == []) }

    private static let obstacles: [(ObservedTickets, String, String)] = [
        (.fixture(.ticketed()).with { $0.channels = [:] }, Reason.channelNotFound, "kubectl get rch"),
        (.fixture(.ticketed()).channel(nil), Reason.channelNotReady, "see its status"),
        (.fixture(.ticketed()).channel(.sound(.webhook)), Reason.channelTakesNoTickets, "spec.webhook.ticket"),
        (.fixture(.ticketed()).channel(.sound(.mail)), Reason.channelTakesNoTickets, "of type Webhook"),
        (.fixture(.ticketed()).channel(.tickets { $0.id = nil }), Reason.channelNotReady, "spec.webhook.ticket.id"),
        (.fixture(.ticketed()).channel(.tickets(), .broken("no route")), Reason.channelNotReady, "no route"),
        (
            .fixture(.ticketed()).with { $0.ledger = .unknown("MongoDB is away") }, Reason.storeUnavailable,
            "MongoDB is away"
        ),
        (
            .fixture(.ticketed()).with { $0.ledger = .found(TicketEntries(unreadable: ["u-1-x": "state: odd"])) },
            Reason.ledgerUnreadable, "u-1-x"
        ),
    ]

    @Test("What keeps it from being opened is told", arguments: obstacles)
    func obstacleIsTold(observed: ObservedTickets, reason: String, words: String) {
        let condition = Self.plan(observed).status?.ticketsReady
        #expect(condition?.status == "False" && condition?.reason == reason)
        #expect(condition?.message.contains(words) == true, "\(condition?.message ?? "")")
    }

    @Test func namespaceHasToBeAdmittedAsForDeliveries() {
        var spec = ReportChannelSpec.tickets()
        spec.allowedNamespaces = NamespaceSelector(matchLabels: ["tickets": "allowed"])
        let refused = Self.plan(.fixture(.ticketed(.ticketed())).channel(spec))
        #expect(refused.actions == [] && refused.status?.ticketsReady?.reason == Reason.namespaceNotAllowed)
        let begun = Self.plan(.fixture(.ticketed(.ticketed()), .fixture(.opening)).channel(spec))
        #expect(Self.ended(begun)?.reason == Reason.namespaceNotAllowed)
        let admitted = ObservedTickets.fixture(.ticketed(.ticketed())).channel(spec).with {
            $0.namespaceLabels = ["tickets": "allowed"]
        }
        #expect(Self.sent(Self.plan(admitted)) != nil)
        // What is open is closed: that tells the other side nothing that it doesn't know.
        let open = ObservedTickets.fixture(.ticketed(.ticketed(ended: 30)), .fixture(.open)).channel(spec)
        #expect(Self.sent(Self.plan(open, at: 601))?.state == .closing)
    }

    // MARK: Closing

    @Test func ticketIsClosedAsSoonAsItsAlertHasEnded() {
        let over = Self.sent(Self.plan(.fixture(.ticketed(.ticketed(ended: 30)), .fixture(.open)), at: 30))
        #expect(over?.state == .closing && over?.endedAt == .start.after(30) && over?.tries == 1 && over?.epoch == 2)
    }

    @Test func alertThatComesBackHasAnotherTicketWhichStaysOpenForTheRestOfItsCooldown() throws {
        let closed = TicketEntry.fixture(.closed) { $0.epoch = 4 }
        let back = ObservedTickets.fixture(.ticketed(.ticketed(heard: 60)), closed)
        // A watch that is behind shows the alert as it was before its end.
        #expect(TicketPlanner.plan(back, now: .start.after(60)).actions == [])
        let plan = Self.plan(back, at: 60)
        let second = try #require(Self.sent(plan))
        #expect(plan.actions == [.send(second, before: closed)])
        #expect(second.state == .opening && second.round == 2 && second.epoch == 5 && second.tries == 1)
        #expect(second.id == closed.id && second.key == "\(closed.key)-2" && second.ticketID == nil)
        #expect(
            second.earlier == [.init(ticketID: closed.ticketID, openedAt: closed.openedAt, closedAt: closed.closedAt)])
        // Somebody had closed it by hand, and the other side refused to do it again. What may be open still isn't doubled.
        let refused = TicketEntry.fixture(.failed) { ($0.openedAt, $0.reason) = (.start, Reason.ticketRefused) }
        #expect(Self.sent(Self.plan(.fixture(.ticketed(.ticketed(heard: 60)), refused), at: 60))?.round == 2)
        let unknown = TicketEntry.fixture(.failed) { ($0.openedAt, $0.reason) = (.start, Reason.gaveUp) }
        #expect(Self.plan(.fixture(.ticketed(.ticketed(heard: 60)), unknown), at: 60).actions == [])
        let open = TicketEntry.fixture(.open) { $0.round = 2 }
        let ended = ObservedTickets.fixture(.ticketed(.ticketed(heard: 60, ended: 90)), open)
        let paused = Self.plan(ended, at: 599)
        #expect(paused.actions == [] && paused.wakeAt == .start.after(600) && paused.status?.openTickets == 1)
        #expect(Self.sent(Self.plan(ended, at: 600))?.endedAt == .start.after(90))
    }

    @Test func ticketOfWhatNobodyReportsIsClosed() {
        let observed = ObservedTickets.fixture(.ticketed(.ticketed(heard: 100)), .fixture(.open))
        let early = Self.plan(observed, at: 3699)
        #expect(early.actions == [] && early.wakeAt == .start.after(3700))
        #expect(Self.sent(Self.plan(observed, at: 3700))?.endedAt == .start.after(3700))
    }

    @Test func whatTheWatchShowsIsAskedForBeforeATicketIsClosed() {
        for trigger in [ReportTrigger.ticketed(), .ticketed(.ticketed(ended: 30))] {
            let seen = TicketPlanner.plan(.fixture(trigger, .fixture(.open)), now: .start.after(600))
            #expect(seen.actions == [] && seen.mustAsk)
        }
        let gone = Self.plan(.fixture(.ticketed(), .fixture(.open), isAsked: true))
        #expect(Self.sent(gone)?.state == .closing && !gone.mustAsk)
        let there = Self.plan(.fixture(.ticketed(.ticketed()), .fixture(.open), isAsked: true))
        #expect(there.actions == [])
    }

    @Test func ticketsOfADeletedTriggerAreClosed() {
        let gone = Self.plan(.fixture(nil, .fixture(.open)))
        #expect(Self.sent(gone)?.state == .closing && gone.status == nil)
        var going = ReportTrigger.ticketed(.ticketed())
        going.metadata.deletionTimestamp = Timestamp(.start)
        #expect(Self.sent(Self.plan(.fixture(going, .fixture(.open))))?.state == .closing)
        #expect(Self.plan(.fixture(going)).isEmpty)
        // Of a namespace that is gone, too.
        let nowhere = ObservedTickets.fixture(nil, .fixture(.open)).with { $0.namespaceLabels = nil }
        #expect(Self.sent(Self.plan(nowhere))?.state == .closing)
    }

    @Test func ticketOfATriggerThatWantsNoneAnyMoreIsClosedWithItsFiring() {
        let trigger = ReportTrigger.ticketed(.ticketed(), channel: nil)
        let plan = Self.plan(.fixture(trigger, .fixture(.open)))
        #expect(plan.actions == [] && plan.status?.openTickets == 1)
        #expect(plan.status?.ticketsReady?.isTrue == true)
        var told = trigger
        told.status = plan.status
        let after = Self.plan(.fixture(told, .fixture(.closed)))
        #expect(after.status?.openTickets == nil && after.status != nil && after.status?.conditions == nil)
    }

    @Test func withoutItsIdItCannotBeClosed() {
        let open = TicketEntry.fixture(.open) { $0.ticketID = nil }
        let failed = Self.ended(Self.plan(.fixture(.ticketed(.ticketed(ended: 1)), open), at: 700))
        #expect(failed?.reason == Reason.ticketRefused && failed?.detail?.contains("close it by hand") == true)
        let byKey = ReportChannelSpec.tickets { ($0.id, $0.close.url) = (nil, nil) }
        let closing = Self.plan(.fixture(.ticketed(.ticketed(ended: 1)), open).channel(byKey), at: 700)
        #expect(Self.sent(closing)?.state == .closing)
    }

    // MARK: Tries

    @Test func claimOfSomebodyElseIsWaitedFor() {
        let claimed = TicketEntry.fixture(.opening) {
            ($0.holder, $0.tries, $0.deadline) = ("another", 1, .start.after(420))
        }
        let waiting = Self.plan(.fixture(.ticketed(.ticketed()), claimed), at: 419)
        #expect(waiting.actions == [] && waiting.wakeAt == .start.after(420))
        let again = Self.sent(Self.plan(.fixture(.ticketed(.ticketed()), claimed), at: 420))
        #expect(again?.tries == 2 && again?.uncertain == 1 && again?.epoch == 2)
    }

    @Test func whatWasBegunGoesOnThoughTheFiringIsOver() {
        let begun = TicketEntry.fixture(.opening) { $0.tries = 1 }
        let plan = Self.plan(.fixture(.ticketed(.ticketed(ended: 1)), begun), at: 700)
        #expect(Self.sent(plan)?.state == .opening && Self.sent(plan)?.tries == 2)
        #expect(Self.sent(Self.plan(.fixture(nil, begun), at: 700))?.state == .opening)
    }

    @Test func triesHavePausesAndAnEnd() {
        let tried = TicketEntry.fixture(.opening) { ($0.tries, $0.detail) = (1, "503") }
        let early = Self.plan(.fixture(.ticketed(.ticketed()), tried), at: 5)
        #expect(early.actions == [] && early.wakeAt == TicketRule.due(tried))
        #expect(early.status?.ticketsReady?.reason == Reason.ticketDelayed)
        let asked = TicketEntry.fixture(.opening) { ($0.tries, $0.notBefore) = (1, .start.after(900)) }
        #expect(Self.plan(.fixture(.ticketed(.ticketed()), asked), at: 899).wakeAt == .start.after(900))
        #expect(Self.sent(Self.plan(.fixture(.ticketed(.ticketed()), asked), at: 900)) != nil)
        let long = TicketEntry.fixture(.opening) { ($0.tries, $0.triedFor, $0.detail) = (9, 86_400, "503") }
        let end = Self.ended(Self.plan(.fixture(.ticketed(.ticketed()), long)))
        #expect(end?.state == .failed && end?.reason == Reason.gaveUp && end?.detail == "gave up after 9 tries: 503")
    }

    /// Hours in which nobody could try don't count.
    @Test func clockOfTriesStandsStillWhileNobodyTries() throws {
        let tried = TicketEntry.fixture(.opening) { $0.tries = 1 }
        let plan = Self.plan(.fixture(.ticketed(.ticketed(heard: 400_000)), tried), at: 400_000)
        let late = try #require(Self.sent(plan))
        #expect(try #require(late.triedFor) < 200)
    }

    @Test(
        "What came of a try",
        arguments: [
            (.opening, .sent(id: "T-7"), .open), (.closing, .sent(id: nil), .closed), (.opening, .refused, .failed),
            (.closing, .refused, .failed), (.opening, .deferred(after: 5), .opening),
            (.closing, .uncertain, .closing),
        ] as [(TicketEntry.State, SettlingRule.Result, TicketEntry.State)])
    func settled(state: TicketEntry.State, result: SettlingRule.Result, end: TicketEntry.State) {
        let claim = TicketEntry.fixture(state) {
            ($0.holder, $0.deadline, $0.tries, $0.epoch) = ("me", .start, 2, 4)
            $0.ticketID = state == .closing ? "T" : nil
        }
        let settled = TicketRule.settled(claim, result, words: "words", now: .start.after(9))
        #expect(settled.state == end && settled.holder == nil && settled.deadline == nil && settled.epoch == 4)
        #expect(settled.detail == "words" && settled.at == .start.after(9))
        if end == .open { #expect(settled.ticketID == "T-7" && settled.openedAt == settled.at && settled.tries == 0) }
        if end == .closed { #expect(settled.ticketID == "T" && settled.closedAt == .start.after(9)) }
        if case .deferred = result { #expect(settled.notBefore == .start.after(14)) }
        if result == .uncertain { #expect(settled.uncertain == 1) }
    }

    // MARK: What is told

    @Test func failureIsToldForADayOrUntilAnotherGoesWell() {
        let failed = TicketEntry.fixture(.failed) {
            ($0.reason, $0.detail, $0.openedAt) = (Reason.ticketRefused, "answered 422", nil)
        }
        let trigger = ReportTrigger.ticketed(.ticketed())
        let told = Self.plan(.fixture(trigger, failed))
        #expect(told.status?.ticketsReady?.reason == Reason.ticketRefused && told.wakeAt == .start.after(86_400))
        #expect(told.status?.ticketsReady?.message == "the ticket of alert a1 was not opened: answered 422")
        #expect(Self.plan(.fixture(trigger, failed), at: 86_400).status?.ticketsReady?.isTrue == true)
        var later = TicketEntry.fixture(.open) { $0.openedAt = .start.after(30) }
        (later.id, later.fingerprint) = (TicketRule.id(trigger: "u-1", .ticketed("b2")), "b2")
        let well = Self.plan(.fixture(.ticketed(.ticketed(), .ticketed("b2")), failed, later))
        #expect(well.status?.ticketsReady?.isTrue == true && well.status?.openTickets == 1)
    }

    /// Each writes its own condition, and leaves the other's where it is: else they would go on for ever.
    @Test func conditionsOfOthersKeepTheirPlace() throws {
        var trigger = ReportTrigger.ticketed()
        let ready = Condition(
            type: "Ready", status: "True", reason: Reason.listening, message: "", lastTransitionTime: nil,
            observedGeneration: 1)
        trigger.status?.conditions = [ready]
        let first = try #require(Self.plan(.fixture(trigger)).status)
        #expect(first.conditions?.map(\.type) == ["TicketsReady", "Ready"])
        trigger.status = first
        #expect(Self.plan(.fixture(trigger), at: 90).isEmpty)
        trigger.status?.conditions = first.conditions?.reversed()
        #expect(Self.plan(.fixture(trigger), at: 90).isEmpty, "in whatever order they are")
    }
}
