import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords

@testable import DeliveryPlanning

/// A courier's own memory, and what it does one step after the other: the real one's edge, without its servers. Dropping it
/// and making a new one is a crash.
struct SimulatedCourier {
    /// One copy on its way.
    struct Send {
        enum Stage {
            case begun
            /// The claim stands; at that moment the send is cut.
            case claimed(cutAt: Date)
            /// What came of it isn't written yet.
            case answered(DeliveryCopy)
        }

        var claim: DeliveryCopy
        var before: DeliveryCopy?
        var stage = Stage.begun

        /// Whether the claim stands in the ledger without its outcome.
        var isClaimed: Bool { if case .begun = stage { false } else { true } }
    }

    /// One effect on the world, or on the courier itself.
    typealias Visit = (DeliveryWorld, SimulatedCourier) -> Void

    let name: String
    /// How far its clock is from the world's.
    var skew: Double = 0
    var sends: [String: Send] = [:]
    var files = ObservedDelivery.Files.notAsked
    var writtenAt: Date?

    init(_ name: String) { self.name = name }

    /// Looks at the delivery as it was some versions ago, and does what is planned, up to a number of effects.
    ///
    /// - Returns: the plan; nil where there is no delivery.
    @discardableResult
    mutating func pass(
        _ world: inout DeliveryWorld, behind: Int = 0, effects: Int = .max, visit: Visit = { _, _ in }
    ) -> DeliveryPlan? {
        guard behind > 0 || world.delivery != nil else { return nil }
        var read = world.versions[max(0, world.versions.count - 1 - behind)]
        let now = world.now.addingTimeInterval(skew)
        let observed = world.observed(read, by: self)
        let plan = DeliveryPlanner.plan(observed, now: now)
        inspect(plan, of: observed, at: now, &world)
        var left = effects
        for action in plan.actions {
            guard left > 0 else { return plan }
            left -= 1
            switch action {
            case .addFinalizer:
                let stored = world.update(read) { $0.metadata.finalizers.append(ReportsAPI.Finalizer.delivery) }
                guard let stored else { return plan }
                read = stored
            case .removeFinalizer:
                let stored = world.update(read) { $0.metadata.finalizers.removeAll() }
                guard let stored else { return plan }
                read = stored
            case .makeFiles(let formats): files = .ready(formats.map { .init(format: $0.rawValue, size: 10) })
            case .send(let copy, let before):
                if sends[copy.recipient] == nil { sends[copy.recipient] = Send(claim: copy, before: before) }
            case .end(let copy, let before):
                guard world.write(copy, over: before) == true else { return plan }
            case .delete: break
            }
            visit(world, self)
        }
        guard left > 0, let status = plan.status else { return plan }
        writtenAt = now
        if world.update(read, { $0.status = status }) != nil { visit(world, self) }
        return plan
    }

    private func inspect(
        _ plan: DeliveryPlan, of observed: ObservedDelivery, at now: Date, _ world: inout DeliveryWorld
    ) {
        if let wakeAt = plan.wakeAt, wakeAt <= now { world.violations.append("woken for what is over") }
        var hasFinalizer = observed.hasFinalizer
        var touched: Set<String> = []
        for action in plan.actions {
            switch action {
            case .addFinalizer: hasFinalizer = true
            case .send(let copy, _), .end(let copy, _):
                if !hasFinalizer { world.violations.append("\(copy.recipient) is touched before the finalizer") }
                if !touched.insert(copy.id).inserted { world.violations.append("\(copy.id) twice in one plan") }
            case .removeFinalizer, .makeFiles, .delete: break
            }
        }
        if let status = plan.status, status.phase?.isTerminal != true, observed.delivery.status?.pinned != nil,
            let writtenAt, (0..<2).contains(now.timeIntervalSince(writtenAt))
        {
            world.violations.append("the status was written \(now.timeIntervalSince(writtenAt)) s after the last time")
        }
    }

    /// Takes one copy one step farther on its way.
    mutating func step(_ recipient: String, _ world: inout DeliveryWorld) {
        guard var send = sends[recipient] else { return }
        let now = world.now.addingTimeInterval(skew)
        switch send.stage {
        case .begun:
            var claim = send.claim
            claim.holder = name
            claim.at = now
            claim.deadline = now.addingTimeInterval(420)
            guard world.write(claim, over: send.before) == true else {
                sends[recipient] = nil
                return
            }
            send.claim = claim
            send.stage = .claimed(cutAt: world.now.addingTimeInterval(300))
        case .claimed(let cutAt):
            let result = world.now < cutAt ? world.send(send.claim).result : .deferred(after: nil)
            send.stage = .answered(
                SettlingRule.settled(
                    send.claim, result, words: "words", repeatsHarmlessly: world.isHarmless, now: now))
        case .answered(let settled):
            // Tried until it can be written; somebody else may have the copy by then.
            if world.write(settled, over: send.claim) != nil { sends[recipient] = nil }
            return
        }
        sends[recipient] = send
    }

    /// Goes on undisturbed until everything rests.
    mutating func settle(_ world: inout DeliveryWorld, visit: Visit = { _, _ in }) {
        for _ in 0..<300 {
            let plan = pass(&world, visit: visit)
            if let plan, !plan.isEmpty, plan.actions != [.delete] { continue }
            if let recipient = sends.keys.sorted().first {
                step(recipient, &world)
                visit(world, self)
                continue
            }
            guard let plan, let delivery = world.delivery else { return }
            if plan.isImpatient { return world.violations.append("it waits for what is there") }
            if delivery.status?.phase?.isTerminal == true, delivery.metadata.finalizers.isEmpty {
                if plan.wakeAt == nil, plan.actions == [] { world.violations.append("it never goes") }
                return
            }
            if delivery.metadata.isDeleting, delivery.metadata.finalizers.isEmpty { return }
            guard let wakeAt = plan.wakeAt else { return world.violations.append("nobody wakes it") }
            world.now = max(world.now, wakeAt.addingTimeInterval(-skew))
        }
        world.violations.append("it doesn't settle")
    }
}
