import DeliveryPlanning
import KubernetesModel
import ReportAPI
import ReportPlanning
import TestSupport
import Testing

struct AlertBookTests {
    private static let labels = ["alertname": "Stopped", "machine": "press-4", "severity": "high"]

    private static func notice(_ fingerprint: String = "a1", firing: Bool = true) -> AlertNotice {
        AlertNotice(
            fingerprint: fingerprint, isFiring: firing, labels: labels, annotations: ["summary": "stops", "url": "x"])
    }

    /// What is kept after these notices, each a number of seconds after the start, and how often it changed.
    private static func keep(
        _ notices: [(at: Int64, AlertNotice)], cooldown: String? = nil, staleAfter: String? = nil
    ) throws -> (alerts: [ReportTriggerStatus.Alert], writes: Int) {
        let template = try ReportTrigger.fixture(cooldown: cooldown, staleAfter: staleAfter).template()
        var (alerts, writes): ([ReportTriggerStatus.Alert], Int) = ([], 0)
        for (seconds, notice) in notices {
            var book = AlertBook(alerts, template)
            book.take([notice], now: .start.adding(seconds))
            if book.isChanged { writes += 1 }
            alerts = book.alerts
        }
        return (alerts, writes)
    }

    @Test func keepsWhatTheTemplateAsksForAndNoMore() throws {
        #expect(try Self.keep([(0, Self.notice())]).alerts == [.fixture(labels: ["machine": "press-4"]).bare])
        let other = AlertNotice(fingerprint: "b2", labels: ["alertname": "Slow", "machine": "press-4"])
        #expect(try Self.keep([(0, other)]).writes == 0)
    }

    @Test func changesAtTheBeginningAtTheEndAndAfterCooldownAlone() throws {
        let notices = [0, 60, 3599, 3600, 3660].map { (at: Int64($0), Self.notice()) }
        let firing = try Self.keep(notices)
        #expect(firing.writes == 2)
        #expect(firing.alerts.map(\.lastNotice) == [.start.adding(3600)] && firing.alerts.map(\.since) == [.start])
        let ends = [3700, 3760].map { (at: Int64($0), Self.notice(firing: false)) }
        let ended = try Self.keep(notices + ends)
        #expect(ended.writes == 3)
        #expect(ended.alerts.map(\.endedAt) == [.start.adding(3700)])
    }

    @Test func pausesWithinCooldownAndIsAnotherFiringAfterIt() throws {
        let pause: [(at: Int64, AlertNotice)] = [(0, Self.notice()), (60, Self.notice(firing: false))]
        let paused = try Self.keep(pause + [(3599, Self.notice())]).alerts
        #expect(paused.map(\.since) == [.start] && paused.map(\.endedAt) == [nil])
        let anew = try Self.keep(pause + [(3600, Self.notice())]).alerts
        #expect(anew.map(\.since) == [.start.adding(3600)] && anew.map(\.endedAt) == [nil])
    }

    @Test func alertThatNobodyReportedForLongFiresAnew() throws {
        let notices = [0, 7199].map { (at: Int64($0), Self.notice()) }
        #expect(try Self.keep(notices, staleAfter: "2h").alerts.map(\.since) == [.start])
        let late = [0, 7200].map { (at: Int64($0), Self.notice()) }
        #expect(try Self.keep(late, staleAfter: "2h").alerts.map(\.since) == [.start.adding(7200)])
    }

    @Test func endOfWhatIsNotKeptIsNothing() throws {
        #expect(try Self.keep([(0, Self.notice(firing: false))]).writes == 0)
    }

    @Test func labelThatAnEditedTemplateAsksForIsTakenWithTheNextNotice() throws {
        let template = try ReportTrigger.fixture(parameters: ["machine": "{label:machine} {label:severity}"]).template()
        var book = AlertBook([.fixture()], template)
        book.take([Self.notice()], now: .start.adding(60))
        #expect(book.alerts.first?.labels == ["machine": "press-4", "severity": "high"])
        var again = AlertBook(book.alerts, template)
        again.take([Self.notice()], now: .start.adding(61))
        #expect(!again.isChanged)
    }

    @Test func keepsWhatTheTicketAsksForToo() throws {
        let template = try ReportTrigger.fixture().template()
        let webhook = ReportChannelSpec.Webhook(
            url: "https://tickets.example.com/", credentials: .init(secretRef: .init(name: "tickets")),
            ticket: .init(
                open: .init(body: ["title": .string("{label:severity}: {annotation:summary}")]),
                close: .init(body: ["at": .string("{endedAt}")])))
        let ticket = try #require(try TicketTemplate(webhook))
        var book = AlertBook([], template, ticket: ticket)
        book.take([Self.notice()], now: .start)
        #expect(book.alerts.first?.labels == ["machine": "press-4", "severity": "high"])
        #expect(book.alerts.first?.annotations == ["summary": "stops"])
        // Kept before the channel was known: with the next notice.
        var late = AlertBook([.fixture()], template, ticket: ticket)
        late.take([Self.notice()], now: .start.adding(60))
        #expect(late.alerts.first?.annotations == ["summary": "stops"])
    }

    @Test func makesRoomByWhatIsOverAndTurnsTheRestAway() throws {
        let template = try ReportTrigger.fixture().template()
        let limit = ReportTriggerStatus.maximumAlerts
        let ended = (0..<limit).map { ReportTriggerStatus.Alert.fixture("\($0)", lastNotice: Int64($0), ended: 200) }
        var early = AlertBook(ended, template)
        early.take([Self.notice("new")], now: .start.adding(3599))
        #expect(early.turnedAway == 1 && !early.isChanged)
        var book = AlertBook(ended, template)
        book.take((0..<limit + 1).map { Self.notice("new-\($0)") }, now: .start.adding(3600))
        #expect(book.turnedAway == 1)
        #expect(book.alerts.map(\.fingerprint) == (0..<limit).map { "new-\($0)" })
    }

    @Test func staysWithinItsBytes() throws {
        let template = try ReportTrigger.fixture(parameters: ["machine": "{annotation:long}"]).template()
        var book = AlertBook([], template)
        let long = String(repeating: "ä", count: 5000)
        let notices = (0..<100).map {
            AlertNotice(fingerprint: "\($0)", labels: Self.labels, annotations: ["long": long])
        }
        book.take(notices, now: .start)
        #expect(book.turnedAway > 0 && book.alerts.count + book.turnedAway == 100)
        #expect(AlertBook.isFull(book.alerts) && !AlertBook.isFull(Array(book.alerts.dropLast())))
        #expect(book.alerts.allSatisfy { ($0.annotations?["long"]?.utf8.count ?? 0) <= AlertBook.maximumAnnotation })
    }

    // MARK: Lives

    /// Notices at random, several firings at once, the operator's plans cut off after each prefix: whatever comes, there is one
    /// request of each firing and step, no more firings than `cooldown` allows, and rest when all is done.
    @Test(arguments: 1...12) func whateverComesThereIsOneRequestOfEachFiring(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var life = try Life(.fixture(cooldown: "10m", staleAfter: "25m", escalation: ["5m", "20m"]))
        for _ in 0..<400 {
            life.now = life.now.adding(Int64(random.next() % 120))
            for _ in 0..<random.next() % 4 {
                let fingerprint = "\(random.next() % 5)"
                life.hear(Self.notice(fingerprint, firing: random.next() % 3 != 0))
            }
            switch random.next() % 4 {
            case 0: life.pass(effects: Int(random.next() % 3))
            case 1: if let name = life.requests.keys.sorted().first { life.delete(name) }
            default: life.settle()
            }
        }
        life.settle()
        #expect(life.creations.values.allSatisfy { $0 == 1 }, "made twice: \(life.creations.filter { $0.value > 1 })")
        for (fingerprint, beginnings) in life.beginnings {
            for (one, next) in zip(beginnings, beginnings.dropFirst()) {
                #expect(next.seconds - one.seconds >= 600, "\(fingerprint)")
            }
        }
        #expect(!life.creations.isEmpty)
    }

    /// Five alerts, a thousand notices a minute for four hours.
    @Test func thousandsOfNoticesAskForNoMoreThanCooldownAllows() throws {
        var life = try Life(.fixture(cooldown: "1h"))
        for second in 0..<4 * 3600 {
            life.now = Timestamp.start.adding(Int64(second))
            // Each fires and ends by turns.
            for alert in 0..<5 { life.hear(Self.notice("\(alert)", firing: (second + alert) % 60 < 40)) }
            if second % 60 == 0 { life.settle() }
        }
        #expect(life.creations.count == 5 * 4)
        var steady = try Life(.fixture(cooldown: "1h"))
        for second in 0..<4 * 3600 {
            steady.now = Timestamp.start.adding(Int64(second))
            for _ in 0..<5 { steady.hear(Self.notice()) }
        }
        #expect(steady.heard == 4, "five notices a second are four writes in four hours")
    }
}

extension ReportTriggerStatus.Alert {
    /// Without the map that the fixture leaves empty.
    fileprivate var bare: Self {
        var alert = self
        alert.annotations = nil
        return alert
    }
}

/// A trigger, its gateway, its operator and its requests, as they are written to the API server.
private struct Life {
    private(set) var trigger: ReportTrigger
    private(set) var requests: [String: Timestamp] = [:]
    /// How often each was made.
    private(set) var creations: [String: Int] = [:]
    /// When each alert's firings began.
    private(set) var beginnings: [String: [Timestamp]] = [:]
    /// Writes of the gateway.
    private(set) var heard = 0
    var now = Timestamp.start

    private let template: TriggerTemplate

    init(_ trigger: ReportTrigger) throws {
        self.trigger = trigger
        template = try trigger.template()
    }

    mutating func hear(_ notice: AlertNotice) {
        var book = AlertBook(trigger.status?.alerts ?? [], template)
        book.take([notice], now: now)
        guard book.isChanged else { return }
        heard += 1
        trigger.status?.alerts = book.alerts
        for alert in book.alerts where beginnings[alert.fingerprint]?.last != alert.since {
            beginnings[alert.fingerprint, default: []].append(alert.since)
        }
    }

    /// Only what the status tells of is deleted, as nobody deletes what was made this moment.
    mutating func delete(_ name: String) {
        if plan.requests.isEmpty, plan.status == nil { requests[name] = nil }
    }

    private var plan: TriggerPlan {
        let names = Set(TriggerPlanner.requestNames(of: trigger))
        return TriggerPlanner.plan(
            ObservedTrigger(
                trigger: trigger, pipeline: .found(.mttr, zoneFault: nil),
                requests: requests.filter { names.contains($0.key) }),
            now: now)
    }

    /// Carries out as many effects of a plan, then crashes.
    mutating func pass(effects: Int) {
        let plan = plan
        for request in plan.requests.prefix(effects) {
            creations[request.name, default: 0] += 1
            requests[request.name] = now
        }
        if effects > plan.requests.count, let status = plan.status { trigger.status = status }
    }

    mutating func settle() {
        for _ in 0..<12 {
            if plan.isEmpty { return }
            pass(effects: .max)
        }
        Issue.record("it doesn't settle: \(plan)")
    }
}
