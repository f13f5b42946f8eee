import AsyncSupport
import ControllerRuntime
import DeliveryPlanning
import FoundationEssentials
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportRecords
import ReportStores

/// Observes a trigger's tickets, plans and applies what comes next.
struct TicketReconciler: Sendable {
    let cache: CourierCache
    let triggers: Store<ReportTrigger>
    let desk: ChannelDesk
    let homes: DeliveryHomes
    let debts: TicketDebts
    let inFlight: InFlight
    let poster: TicketPoster
    let ledger: TicketLedger
    let writer: ClusterWriter
    let logger: Logger
    let now: @Sendable () -> Date

    func reconcile(_ key: TicketKey) async throws -> ReconcileResult {
        guard triggers.undecodable(key.trigger) == nil else { return .done }
        var trigger: ObservedTickets.Trigger
        if let seen = triggers.get(key.trigger), seen.metadata.uid == key.uid {
            trigger = .seen(seen)
        } else {
            trigger = .asked(try await ask(key))
        }
        var plan = TicketPlanner.plan(await observe(trigger, key), now: now())
        if plan.mustAsk {
            trigger = .asked(try await ask(key))
            plan = TicketPlanner.plan(await observe(trigger, key), now: now())
        }
        do {
            try await apply(plan, trigger, key)
        } catch let error as Stale {
            logger.debug("Requeued", metadata: ["trigger": "\(key)", "why": "\(error)"])
            return .lookAgain
        }
        if plan.isImpatient { return .lookAgain }
        let endsSome = plan.actions.contains { if case .end = $0 { true } else { false } }
        if endsSome { return .requeue(after: .zero) }
        guard let wakeAt = plan.wakeAt else { return .done }
        return .requeue(after: .seconds(max(0, wakeAt.timeIntervalSince(now())) + 0.01))
    }

    /// The trigger as the API server has it now. A watch that is behind must not have tickets closed.
    private func ask(_ key: TicketKey) async throws -> ReportTrigger? {
        let found = try await writer.find(
            ReportTrigger.self, name: key.trigger.name, namespace: key.trigger.namespace)
        return found.flatMap { $0.metadata.uid == key.uid ? $0 : nil }
    }

    private func observe(_ trigger: ObservedTickets.Trigger, _ key: TicketKey) async -> ObservedTickets {
        let known: ReportTrigger? =
            switch trigger {
            case .seen(let trigger): trigger
            case .asked(let trigger): trigger
            }
        var observed = ObservedTickets(trigger: trigger, courierNamespace: cache.namespace)
        // Before the ledger: what ends in between is written there, and looked at again.
        observed.inFlight = inFlight.recipients(of: key.uid)
        observed.namespaceLabels = cache.labels(of: key.trigger.namespace)
        let ids = (known?.status?.alerts ?? []).map { TicketRule.id(trigger: key.uid, $0) }
        let since = now().addingTimeInterval(-ObservedTickets.memory)
        var names = Set([known?.spec.value?.ticket?.channel].compactMap(\.self))
        switch await Result(catching: { () async throws(StoreTrouble) in
            try await ledger.entries(ofTrigger: key.uid, ids: ids, since: since)
        }) {
        case .success(let entries):
            observed.ledger = .found(entries)
            names.formUnion(entries.readable.map(\.channel))
            if entries.readable.contains(where: { !$0.state.isTerminal }) { debts.add(key) } else { debts.remove(key) }
        case .failure(let trouble): observed.ledger = .unknown("\(trouble)")
        }
        for name in names {
            guard let channel = cache.channel(name) else { continue }
            observed.channels[name] = .init(spec: channel.spec.value, standing: desk.standing(of: name))
        }
        guard let known, known.spec.value?.ticket != nil else { return observed }
        switch await homes.home(of: known.metadata) {
        case .found(let home): observed.home = .found(home.origin)
        case .missing: observed.home = .missing
        case .unknown(let words): observed.home = .unknown(words)
        }
        return observed
    }

    private func apply(
        _ plan: TicketPlan, _ trigger: ObservedTickets.Trigger, _ key: TicketKey
    ) async throws {
        for action in plan.actions {
            switch action {
            case .send(let entry, let before): poster.begin(entry, over: before, of: key)
            case .end(let entry, let before):
                guard try await ledger.write(entry, over: before) else {
                    throw Stale(what: "the ledger's entry \(entry.id) has changed since it was read")
                }
                poster.tell(entry, of: key)
            }
        }
        guard let status = plan.status else { return }
        switch trigger {
        case .seen(let trigger), .asked(let trigger?):
            try await writer.patch(
                triggers, name: trigger.metadata.name, namespace: trigger.metadata.namespace,
                merge: TicketStatusPatch(trigger, to: status), subresource: .status)
        case .asked(nil): return
        }
    }
}

/// The merge patch of what a trigger's status says of tickets, on the version that the decision rests on; null where there is
/// nothing to say.
struct TicketStatusPatch: Encodable, Sendable {
    private struct Metadata: Encodable {
        let resourceVersion: String
    }

    private struct Status: Encodable {
        let status: ReportTriggerStatus

        private enum CodingKeys: String, CodingKey { case openTickets, conditions }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encode(status.openTickets, forKey: .openTickets)
            try fields.encode(status.conditions, forKey: .conditions)
        }
    }

    private let metadata: Metadata
    private let status: Status

    init(_ trigger: ReportTrigger, to status: ReportTriggerStatus) {
        metadata = Metadata(resourceVersion: trigger.metadata.resourceVersion)
        self.status = Status(status: status)
    }
}
