import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords

@testable import DeliveryPlanning

extension Date {
    /// When the fixture's delivery was made.
    static let start = Timestamp(seconds: 1_790_000_000).date

    func after(_ seconds: Double) -> Date { addingTimeInterval(seconds) }
}

extension ObservedDelivery {
    /// A new delivery of a report that succeeded with 89 rows, by a channel that works.
    static func fixture(
        _ kind: ReportChannelSpec.Kind = .mail, to recipients: String..., formats: [String]? = ["pdf"],
        _ change: (inout ReportDeliverySpec) -> Void = { _ in }
    ) -> ObservedDelivery {
        let addresses = kind == .mail ? (recipients.isEmpty ? ["dana@example.com"] : recipients) : nil
        let entry = DeliverSpec(channel: "books", to: addresses, formats: formats)
        var spec = ReportDeliverySpec(reportID: "0b8f", entry: entry)
        change(&spec)
        let metadata = ObjectMeta(
            name: "books", namespace: "finance", uid: "d1", resourceVersion: "1", generation: 1,
            creationTimestamp: Timestamp(.start))
        var observed = ObservedDelivery(
            delivery: ReportDelivery(metadata: metadata, spec: spec), key: "d1", courierNamespace: "report-operator")
        observed.channel = ReportChannel(
            metadata: ObjectMeta(name: "books", namespace: "report-operator"), spec: .sound(kind))
        observed.standing = .works
        observed.repeatsHarmlessly = kind != .mail && kind != .teams
        observed.namespaceLabels = [:]
        observed.home = .found(.fixture())
        observed.report = .found(.succeeded())
        observed.ledger = .found([])
        return observed
    }

    func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    func status(_ change: (inout ReportDeliveryStatus) -> Void) -> Self {
        with {
            var status = $0.delivery.status ?? ReportDeliveryStatus()
            change(&status)
            $0.delivery.status = status
        }
    }

    func report(_ report: Report) -> Self { with { $0.report = .found(report) } }

    func channel(_ change: (inout ReportChannelSpec) -> Void) -> Self {
        with { observed in
            guard var spec = observed.channel?.spec.value else { return }
            change(&spec)
            observed.channel?.spec = .value(spec)
        }
    }

    func broken(_ words: String, since: Date?) -> Self {
        with {
            $0.standing = .broken(words)
            var status = ReportChannelStatus()
            status.conditions = since.map { since in
                [
                    Condition(
                        type: ReportChannelStatus.readyCondition, status: "False", reason: "Unreachable",
                        message: words,
                        lastTransitionTime: Timestamp(since), observedGeneration: 1)
                ]
            }
            $0.channel?.status = status
        }
    }

    func deleted() -> Self {
        with {
            $0.delivery.metadata.deletionTimestamp = Timestamp(.start.after(100))
            $0.delivery.metadata.generation = 2
        }
    }

    /// Pinned, its files ready, the finalizer on.
    func ready(at now: Date = .start) -> Self {
        var observed = self
        for _ in 0..<2 { observed = observed.applying(observed.plan(at: now).withoutSends, at: now) }
        if !observed.hasFinalizer { observed.delivery.metadata.finalizers.append(ReportsAPI.Finalizer.delivery) }
        return observed
    }

    // MARK: Passes

    func plan(at now: Date = .start) -> DeliveryPlan { DeliveryPlanner.plan(self, now: now) }

    func plan(after seconds: Double) -> DeliveryPlan { plan(at: .start.after(seconds)) }

    /// Everything of it done and read again; what is sent is in flight, claimed by `a` for ten minutes.
    func applying(_ plan: DeliveryPlan, at now: Date) -> Self {
        var observed = self
        for action in plan.actions {
            switch action {
            case .addFinalizer: observed.delivery.metadata.finalizers.append(ReportsAPI.Finalizer.delivery)
            case .removeFinalizer: observed.delivery.metadata.finalizers.removeAll()
            case .makeFiles(let formats): observed.files = .ready(formats.map { .init(format: $0.rawValue, size: 10) })
            case .send(var claim, _):
                claim.holder = "a"
                claim.deadline = now.after(600)
                observed.write(claim)
                observed.inFlight.insert(claim.recipient)
            case .end(let copy, _): observed.write(copy)
            case .delete: break
            }
        }
        if let status = plan.status { observed.delivery.status = status }
        return observed
    }

    /// The send of a recipient's copy ends so.
    func settling(_ result: SettlingRule.Result, of recipient: String? = nil, words: String = "", at now: Date) -> Self
    {
        var observed = self
        for copy in copies where copy.phase == .sending && copy.recipient == recipient ?? copy.recipient {
            observed.inFlight.remove(copy.recipient)
            observed.write(
                SettlingRule.settled(copy, result, words: words, repeatsHarmlessly: repeatsHarmlessly, now: now))
        }
        return observed
    }

    /// One pass with everything done.
    func pass(at now: Date = .start) -> Self { applying(plan(at: now), at: now) }

    mutating func write(_ copy: DeliveryCopy) {
        ledger = .found(copies.filter { $0.id != copy.id } + [copy])
    }

    // MARK: What there is

    var copies: [DeliveryCopy] { if case .found(let copies) = ledger { copies } else { [] } }

    func copy(_ recipient: String = "dana@example.com") -> DeliveryCopy? { copies.first { $0.recipient == recipient } }

    var hasFinalizer: Bool { delivery.metadata.finalizers.contains(ReportsAPI.Finalizer.delivery) }
}

extension ObservedDelivery.Report {
    static func succeeded(
        attempt: Int = 1, published: ObservedDelivery.Publication? = .init(attempt: 1, id: "p1", rows: 89),
        formats: [OutputFormat] = [], earlier: [Int: ReportRequestStatus.Phase] = [:]
    ) -> Self {
        .init(
            namespace: "finance", origin: LiveNamespace.fixture().origin, createdAt: .start, phase: .succeeded,
            attempt: attempt, published: published, formats: formats, earlier: earlier)
    }

    static func ended(
        _ phase: ReportRequestStatus.Phase, attempt: Int = 1, published: ObservedDelivery.Publication? = nil,
        message: String? = nil, earlier: [Int: ReportRequestStatus.Phase] = [:]
    ) -> Self {
        .init(
            namespace: "finance", origin: LiveNamespace.fixture().origin, createdAt: .start, phase: phase,
            attempt: attempt, published: published, message: message, earlier: earlier)
    }
}

extension LiveNamespace {
    /// Where the fixture's delivery is, made a day before it.
    static func fixture(uid: String = "n1", cluster: String? = "c1", at created: Date = .start.after(-86_400)) -> Self {
        LiveNamespace(name: "finance", uid: uid, createdAt: created, cluster: cluster)
    }
}

extension DeliveryPlan {
    var kinds: [String] {
        actions.map { action in
            switch action {
            case .addFinalizer: "addFinalizer"
            case .removeFinalizer: "removeFinalizer"
            case .makeFiles(let formats): "makeFiles \(formats.map(\.rawValue).joined(separator: ","))"
            case .send(let copy, _): "send \(copy.recipient)"
            case .end(let copy, _): "end \(copy.recipient) \(copy.phase.rawValue)"
            case .delete: "delete"
            }
        }
    }

    var withoutSends: DeliveryPlan {
        var plan = self
        plan.actions = plan.actions.filter { action in
            if case .send = action { false } else { true }
        }
        return plan
    }

    var claim: DeliveryCopy? {
        actions.lazy.compactMap { action in
            if case .send(let copy, _) = action { copy } else { nil }
        }.first
    }

    var ended: [DeliveryCopy] {
        actions.compactMap { action in
            if case .end(let copy, _) = action { copy } else { nil }
        }
    }

    var condition: Condition? { status?.conditions?.first }
}
