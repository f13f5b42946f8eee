import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords
import TestSupport
import Testing

@testable import DeliveryPlanning

/// A trigger's surroundings: the API server with old versions, the ledger, the clock and the server of tickets, which knows
/// each message by its id. A value: a copy of it is another course that things may take.
private struct TicketWorld {
    enum Outcome: CaseIterable { case accepted, deferred, uncertainAndArrived, uncertainAndLost, refused }

    var now = Date.start
    private(set) var versions: [ReportTrigger]
    private(set) var isDeleted = false
    var ledger: [String: TicketEntry] = [:]
    var isLedgerAway = false
    /// What passes, the next first; then all is accepted.
    var passing: [Outcome] = []
    /// By key: open, or closed.
    private(set) var tickets: [String: Bool] = [:]
    private(set) var seen: Set<String> = []
    private(set) var posts = 0
    var violations: [String] = []

    init(_ trigger: ReportTrigger) { versions = [trigger] }

    var trigger: ReportTrigger? { isDeleted ? nil : versions.last }

    mutating func change(_ change: (inout ReportTrigger) -> Void) {
        guard var next = trigger else { return }
        change(&next)
        next.metadata.resourceVersion = "\(versions.count + 1)"
        versions.append(next)
    }

    mutating func delete() { isDeleted = true }

    mutating func hear(_ alerts: [ReportTriggerStatus.Alert]) { change { $0.status?.alerts = alerts } }

    /// As the gateway has it.
    func fires(_ alert: ReportTriggerStatus.Alert) -> Bool {
        alert.endedAt == nil && now < alert.lastNotice.date.after(3600)
    }

    mutating func write(_ entry: TicketEntry, over before: TicketEntry?) -> Bool? {
        guard !isLedgerAway else { return nil }
        let held = ledger[entry.id]
        guard held?.epoch == before?.epoch, held?.state == before?.state, held?.holder == before?.holder else {
            return false
        }
        let isAnother = entry.round ?? 1 > held?.round ?? 1
        if let held, held.state.isTerminal, !isAnother { violations.append("\(entry.id) changed after its end") }
        ledger[entry.id] = entry
        return true
    }

    mutating func send(_ claim: TicketEntry) -> SettlingRule.Result {
        posts += 1
        let outcome = passing.isEmpty ? .accepted : passing.removeFirst()
        let isOpening = claim.state == .opening
        if outcome == .accepted || outcome == .uncertainAndArrived {
            let isNew = seen.insert("\(claim.key)-\(isOpening)").inserted
            if isNew, isOpening {
                if tickets[claim.key] != nil { violations.append("\(claim.key) was opened twice") }
                tickets[claim.key] = true
            } else if isNew {
                if tickets[claim.key] != true { violations.append("\(claim.key) was closed, and not open") }
                if ledger[claim.id]?.ticketID != "T" { violations.append("\(claim.key) was closed without its id") }
                tickets[claim.key] = false
            }
        }
        switch outcome {
        case .accepted: return .sent(id: isOpening ? "T" : nil)
        case .deferred: return .deferred(after: nil)
        case .uncertainAndArrived, .uncertainAndLost: return .uncertain
        case .refused: return .refused
        }
    }

    /// Once everything rests.
    mutating func inspectEnd() {
        for (id, entry) in ledger {
            if entry.holder != nil { violations.append("\(id) is still claimed") }
            let isOpen = tickets[entry.key]
            switch entry.state {
            case .opening, .closing: violations.append("\(id) is \(entry.state.rawValue) at the end")
            case .open: if isOpen != true { violations.append("\(id) isn't open on the other side") }
            case .closed: if isOpen != false { violations.append("\(id) isn't closed on the other side") }
            case .failed: break
            }
        }
        let last = Set(ledger.values.map(\.key))
        for (key, isOpen) in tickets where isOpen && !last.contains(key) { violations.append("\(key) was left open") }
        let alerts = trigger?.status?.alerts ?? []
        for alert in alerts where fires(alert) {
            let entry = ledger[TicketRule.id(trigger: "u-1", alert)]
            if entry == nil { violations.append("\(alert.fingerprint) fires without a ticket") }
            if entry?.state == .closed { violations.append("\(alert.fingerprint) fires, and its ticket is closed") }
        }
        for entry in ledger.values where entry.state == .open {
            let alert = alerts.first { TicketRule.id(trigger: "u-1", $0) == entry.id }
            let isOver = alert.map { !fires($0) && (entry.round == nil || now >= $0.since.date.after(600)) } ?? true
            if isOver { violations.append("\(entry.id) is open though its firing is over") }
        }
        guard let status = trigger?.status else { return }
        if status.openTickets != ledger.values.count(where: { $0.state == .open }) {
            violations.append("the status tells of \(status.openTickets ?? -1) open tickets")
        }
    }
}

/// A courier's own memory. Dropping it and making a new one is a crash.
private struct TicketCourier {
    struct Send {
        enum Stage { case begun, claimed, answered(TicketEntry) }
        var entry: TicketEntry
        var before: TicketEntry?
        var stage = Stage.begun
    }

    let name: String
    var sends: [String: Send] = [:]

    private func observed(_ trigger: ObservedTickets.Trigger, _ world: TicketWorld) -> ObservedTickets {
        var observed = ObservedTickets.fixture(nil)
        observed.trigger = trigger
        observed.ledger =
            world.isLedgerAway ? .unknown("away") : .found(TicketEntries(readable: Array(world.ledger.values)))
        observed.inFlight = Set(sends.keys)
        return observed
    }

    /// Looks at the trigger as it was some versions ago, and does what is planned, up to a number of effects.
    @discardableResult
    mutating func pass(_ world: inout TicketWorld, behind: Int = 0, effects: Int = .max) -> TicketPlan {
        var trigger: ObservedTickets.Trigger = .asked(nil)
        if behind > 0 || world.trigger != nil {
            trigger = .seen(world.versions[max(0, world.versions.count - 1 - behind)])
        }
        var plan = TicketPlanner.plan(observed(trigger, world), now: world.now)
        if plan.mustAsk {
            trigger = .asked(world.trigger)
            plan = TicketPlanner.plan(observed(trigger, world), now: world.now)
            if plan.mustAsk { world.violations.append("it asks for what was asked for") }
        }
        if let wakeAt = plan.wakeAt, wakeAt <= world.now { world.violations.append("woken for what is over") }
        for action in plan.actions.prefix(effects) {
            switch action {
            case .send(let entry, let before):
                if sends[entry.id] == nil { sends[entry.id] = Send(entry: entry, before: before) }
            case .end(let entry, let before): _ = world.write(entry, over: before)
            }
        }
        guard plan.actions.count < effects, let status = plan.status else { return plan }
        switch trigger {
        case .seen(let read), .asked(let read?):
            if read.metadata.resourceVersion == world.trigger?.metadata.resourceVersion {
                world.change {
                    $0.status?.openTickets = status.openTickets
                    $0.status?.conditions = status.conditions
                }
            }
        case .asked(nil): world.violations.append("the status of what is gone")
        }
        return plan
    }

    mutating func step(_ id: String, _ world: inout TicketWorld) {
        guard var send = sends[id] else { return }
        switch send.stage {
        case .begun:
            var claim = send.entry
            (claim.holder, claim.at, claim.deadline) = (name, world.now, world.now.after(420))
            guard world.write(claim, over: send.before) == true else {
                sends[id] = nil
                return
            }
            (send.entry, send.stage) = (claim, .claimed)
        case .claimed:
            let result = world.now < send.entry.at.after(300) ? world.send(send.entry) : .deferred(after: nil)
            send.stage = .answered(TicketRule.settled(send.entry, result, words: "words", now: world.now))
        case .answered(let settled):
            if world.write(settled, over: send.entry) != nil { sends[id] = nil }
            return
        }
        sends[id] = send
    }

    /// Goes on undisturbed until nothing is left to be done before that moment.
    mutating func settle(_ world: inout TicketWorld, until end: Date, visit: (TicketWorld) -> Void = { _ in }) {
        for _ in 0..<400 {
            let plan = pass(&world)
            visit(world)
            if let id = sends.keys.sorted().first {
                step(id, &world)
                visit(world)
                continue
            }
            if !plan.isEmpty { continue }
            if plan.isImpatient { return world.violations.append("it waits for what is there") }
            guard let wakeAt = plan.wakeAt, wakeAt <= end else {
                world.now = max(world.now, end)
                return
            }
            world.now = max(world.now, wakeAt)
        }
        world.violations.append("it doesn't settle")
    }
}

@Suite struct TicketWorldTests {
    private typealias Outcome = TicketWorld.Outcome

    private static let passing: [[Outcome]] =
        [[]] + Outcome.allCases.map { [$0] }
        + Outcome.allCases.flatMap { one in Outcome.allCases.map { [one, $0] } }

    /// A courier that dies after any of its effects, while the ticket is opened and while it is closed, and another that goes on.
    @Test func crashAfterEveryEffectComesToTheSameEnd() {
        var points = 0
        for passing in Self.passing {
            var (calm, courier) = (TicketWorld(.ticketed(.ticketed())), TicketCourier(name: "a"))
            calm.passing = passing
            var crashed: [TicketWorld] = [calm]
            courier.settle(&calm, until: .start.after(2000)) { crashed.append($0) }
            calm.hear([.ticketed(ended: 2000)])
            courier.settle(&calm, until: .start.after(9000)) { crashed.append($0) }
            calm.inspectEnd()
            #expect(calm.violations == [], "\(passing)")
            for (index, point) in crashed.enumerated() {
                var (world, heir) = (point, TicketCourier(name: "b"))
                heir.settle(&world, until: .start.after(2000))
                world.hear([.ticketed(ended: 2000)])
                heir.settle(&world, until: .start.after(9000))
                world.inspectEnd()
                #expect(world.violations == [], "\(passing) after effect \(index)")
                let refused = passing.contains(.refused)
                #expect(refused || world.tickets == calm.tickets, "\(passing) after effect \(index)")
                points += 1
            }
        }
        print("tickets: crashed at \(points) points")
        #expect(points > 300)
    }

    @Test func undisturbedAFiringTakesTwoMessagesAndThenNothing() {
        var (world, courier) = (TicketWorld(.ticketed(.ticketed())), TicketCourier(name: "a"))
        courier.settle(&world, until: .start.after(300))
        #expect(world.tickets.values.map { $0 } == [true] && world.trigger?.status?.openTickets == 1)
        world.hear([.ticketed(ended: 300)])
        courier.settle(&world, until: .start.after(90_000))
        #expect(world.posts == 2 && world.tickets.values.map { $0 } == [false] && world.violations == [])
        #expect(courier.pass(&world).isEmpty)
    }

    /// However often an alert comes and goes within its cooldown, it has two tickets, and the second stays open.
    @Test func alertThatComesAndGoesHasTwoTickets() {
        var (world, courier) = (TicketWorld(.ticketed(.ticketed())), TicketCourier(name: "a"))
        for time in stride(from: 30.0, to: 600, by: 60) {
            world.hear([.ticketed(heard: time - 30)])
            courier.settle(&world, until: .start.after(time))
            world.hear([.ticketed(heard: time - 30, ended: time)])
            courier.settle(&world, until: .start.after(time + 29))
        }
        #expect(world.tickets.count == 2 && world.tickets.values.count { $0 } == 1 && world.posts == 3)
        courier.settle(&world, until: .start.after(9000))
        world.inspectEnd()
        #expect(world.posts == 4 && !world.tickets.values.contains(true) && world.violations == [])
    }

    /// Couriers that die, are two at once, read what is old and can't read at all; alerts that pause, end, and are forgotten; and
    /// triggers that go.
    @Test(arguments: 0..<4) func everySeedComesToAGoodEnd(part: Int) {
        var (closed, posts) = (0, 0)
        for seed in stride(from: part, to: 1200, by: 4) {
            var random = SeededGenerator(seed: UInt64(seed))
            func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }
            var world = TicketWorld(.ticketed(.ticketed()))
            var couriers = [TicketCourier(name: "c0")]
            // No refusals: what is refused ends as Failed, wherever it stands.
            world.passing = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                [.deferred, .uncertainAndArrived, .uncertainAndLost, .accepted].randomElement(using: &random)
                    ?? .deferred
            }
            for step in 0..<Int.random(in: 5...50, using: &random) {
                let index = Int.random(in: 0..<couriers.count, using: &random)
                switch Int.random(in: 0..<16, using: &random) {
                case 0..<6:
                    couriers[index].pass(
                        &world, behind: chance(4) ? Int.random(in: 1...3, using: &random) : 0,
                        effects: chance(6) ? Int.random(in: 0...1, using: &random) : .max)
                case 6..<10:
                    guard let id = couriers[index].sends.keys.sorted().randomElement(using: &random) else { continue }
                    couriers[index].step(id, &world)
                    if chance(6) { couriers[index] = TicketCourier(name: "c\(step)") }
                case 10: world.now += Double.random(in: 0...900, using: &random)
                case 11: world.isLedgerAway.toggle()
                case 12:
                    if couriers.count < 2 {
                        couriers.append(TicketCourier(name: "c\(step)"))
                    } else {
                        couriers.remove(at: index)
                    }
                case 13, 14: Self.report(&world, &random)
                default: if chance(8) { world.delete() }
                }
            }
            world.isLedgerAway = false
            var heir = TicketCourier(name: "heir")
            heir.settle(&world, until: world.now.after(9000))
            world.inspectEnd()
            #expect(world.violations == [], "seed \(seed)")
            closed += world.tickets.values.count { !$0 }
            posts += world.posts
        }
        print("tickets: \(posts) messages, \(closed) closed")
        #expect(closed > 0 && posts > 0)
    }

    /// A notice of the one alert, as the gateway keeps it.
    private static func report(_ world: inout TicketWorld, _ random: inout SeededGenerator) {
        let now = Timestamp(world.now)
        guard var alert = world.trigger?.status?.alerts?.first else {
            return world.hear([.init(fingerprint: "a1", since: now, lastNotice: now)])
        }
        switch Int.random(in: 0..<5, using: &random) {
        case 0..<2: alert.endedAt = alert.endedAt ?? now
        case 2 where !world.fires(alert) && now >= alert.since.adding(600): return world.hear([])
        default:
            if world.fires(alert) || now < alert.since.adding(600) {
                (alert.lastNotice, alert.endedAt) = (now, nil)
            } else {
                alert = .init(fingerprint: "a1", since: now, lastNotice: now)
            }
        }
        world.hear([alert])
    }
}
