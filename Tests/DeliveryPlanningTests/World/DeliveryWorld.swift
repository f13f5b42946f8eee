import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords

@testable import DeliveryPlanning

/// One delivery's surroundings: the API server, the ledger, the clock, and those who are written to. A value: a copy of it is
/// another course that things may take.
struct DeliveryWorld {
    /// What becomes of a try, as nobody sees it who sends.
    enum Outcome: Hashable, CaseIterable {
        case sent, refused, deferred, uncertainAndArrived, uncertainAndLost

        var hasArrived: Bool { self == .sent || self == .uncertainAndArrived }

        var result: SettlingRule.Result {
            switch self {
            case .sent: .sent(id: "m")
            case .refused: .refused
            case .deferred: .deferred(after: nil)
            case .uncertainAndArrived, .uncertainAndLost: .uncertain
            }
        }
    }

    /// Everything of the observation that doesn't change.
    let fixture: ObservedDelivery
    let recipients: [String]
    /// What passes, the next first; then it is `lasting`.
    var passing: [String: [Outcome]] = [:]
    var lasting: [String: Outcome] = [:]

    var now = Date.start
    /// Nil once it is gone.
    private(set) var delivery: ReportDelivery?
    /// All that it ever was, for watches that are behind.
    private(set) var versions: [ReportDelivery]
    private var number = 1
    var ledger: [String: DeliveryCopy] = [:]
    var isLedgerAway = false
    var brokenSince: Date?
    private(set) var isRestored = false

    private(set) var arrivals: [String: Int] = [:]
    /// All that went out, whether it arrived or not.
    private(set) var messages = 0
    /// What must never be and was.
    var violations: [String] = []

    init(_ fixture: ObservedDelivery, recipients: [String]) {
        self.fixture = fixture
        self.recipients = recipients
        delivery = fixture.delivery
        versions = [fixture.delivery]
    }

    var isHarmless: Bool { fixture.repeatsHarmlessly }

    func copy(_ recipient: String) -> DeliveryCopy? {
        ledger[DeliveryCopy.id(delivery: fixture.key, recipient: recipient)]
    }

    func observed(_ delivery: ReportDelivery, by courier: SimulatedCourier) -> ObservedDelivery {
        var observed = fixture
        observed.delivery = delivery
        observed.ledger = isLedgerAway ? .unknown("MongoDB can't be reached") : .found(Array(ledger.values))
        if isLedgerAway { observed.report = .unknown("MongoDB can't be reached") }
        if let brokenSince { observed = observed.broken("away", since: brokenSince) }
        observed.inFlight = Set(courier.sends.keys)
        observed.files = courier.files
        observed.writtenAt = courier.writtenAt
        return observed
    }

    // MARK: The API server

    /// - Returns: what was stored; nil where somebody else was faster, or it is gone.
    mutating func update(
        _ read: ReportDelivery, _ change: (inout ReportDelivery) -> Void
    ) -> ReportDelivery? {
        guard var next = delivery, next.metadata.resourceVersion == read.metadata.resourceVersion else { return nil }
        let before = next
        change(&next)
        let added = Set(next.metadata.finalizers).subtracting(before.metadata.finalizers)
        if before.metadata.isDeleting, !added.isEmpty { return nil }
        inspect(before, next)
        store(next)
        return delivery
    }

    mutating func delete() {
        guard var next = delivery, !next.metadata.isDeleting else { return }
        next.metadata.deletionTimestamp = Timestamp(now)
        next.metadata.generation += 1
        store(next)
    }

    /// As a backup of before everything brings it back.
    mutating func restoreResource() {
        guard var next = delivery, !next.metadata.isDeleting else { return }
        next.status = nil
        next.metadata.finalizers = []
        store(next)
        // Every watch starts over.
        versions.removeFirst(versions.count - 1)
    }

    /// As one of before the first claim brings it back.
    mutating func restoreLedger() {
        ledger = [:]
        isRestored = true
    }

    private mutating func store(_ next: ReportDelivery) {
        var next = next
        number += 1
        next.metadata.resourceVersion = "\(number)"
        versions.append(next)
        delivery = next.metadata.isDeleting && next.metadata.finalizers.isEmpty ? nil : next
    }

    private mutating func inspect(_ before: ReportDelivery, _ next: ReportDelivery) {
        let open = recipients.filter { copy($0)?.phase.isTerminal != true }
        if before.metadata.finalizers != [], next.metadata.finalizers == [], !open.isEmpty {
            violations.append("let go before the ledger held the end of \(open)")
        }
        guard let status = next.status, status != before.status else { return }
        if before.status?.phase?.isTerminal == true { violations.append("the status changed after the end") }
        if status.phase?.isTerminal == true, status.pinned != nil, !open.isEmpty {
            violations.append("the status ended before the ledger held the end of \(open)")
        }
        for told in status.recipients ?? [] where told.phase.isTerminal && copy(told.to)?.phase != told.phase {
            violations.append("the status says \(told.phase) of \(told.to), and the ledger doesn't")
        }
        if let pinned = before.status?.pinned, status.pinned != pinned { violations.append("the pin changed") }
    }

    // MARK: The ledger

    /// - Returns: whether it still was what was read; nil while nobody can write there.
    mutating func write(_ copy: DeliveryCopy, over before: DeliveryCopy?) -> Bool? {
        guard !isLedgerAway else { return nil }
        let held = ledger[copy.id]
        guard held?.epoch == before?.epoch, held?.phase == before?.phase, held?.holder == before?.holder else {
            return false
        }
        if let held, held.phase.isTerminal { violations.append("\(copy.id) changed after its end") }
        if copy.phase == .sending, copy.epoch <= held?.epoch ?? 0 { violations.append("a claim of an old epoch") }
        ledger[copy.id] = copy
        return true
    }

    // MARK: Those who are written to

    mutating func send(_ claim: DeliveryCopy) -> Outcome {
        let recipient = claim.recipient
        messages += 1
        let outcome: Outcome
        if let next = passing[recipient]?.first {
            passing[recipient]?.removeFirst()
            outcome = next
        } else {
            outcome = lasting[recipient] ?? .sent
        }
        // The version that it is now, or the last that there was.
        let last = delivery ?? versions[versions.count - 1]
        if versions.allSatisfy({ $0.status?.pinned == nil }) || last.metadata.finalizers.isEmpty && delivery != nil {
            violations.append("\(recipient) was sent to before the pin and the finalizer stood")
        }
        guard outcome.hasArrived else { return outcome }
        arrivals[recipient, default: 0] += 1
        let times = arrivals[recipient] ?? 0
        if !isHarmless {
            if times > 2 { violations.append("\(recipient) got it \(times) times") }
            if times == 2, claim.possiblyTwice != true { violations.append("\(recipient) got it twice, unmarked") }
        }
        return outcome
    }
}
