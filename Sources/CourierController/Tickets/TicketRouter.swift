import ControllerRuntime
import KubernetesModel
import ReportAPI

/// Turns what changed in the cluster into the triggers whose tickets have to be looked at.
struct TicketRouter: Sendable {
    let cache: CourierCache
    let triggers: Store<ReportTrigger>
    let debts: TicketDebts
    let queue: WorkQueue<TicketKey>

    func connect() {
        triggers.addHandler { change in
            // What operator and courier write themselves tells nothing new.
            if case .updated(let old, let new) = change, old.metadata.generation == new.metadata.generation,
                old.metadata.uid == new.metadata.uid, old.status?.alerts == new.status?.alerts
            {
                return
            }
            // One that was recreated has another's tickets behind it.
            if case .updated(let old, let new) = change, old.metadata.uid != new.metadata.uid { add(old) }
            add(change.object)
        }
        triggers.addReadabilityHandler { key in
            if let trigger = triggers.get(key) { add(trigger) }
        }
        cache.namespaces?.addHandler { change in
            if case .updated(let old, let new) = change, old.metadata.labels == new.metadata.labels { return }
            wake { $0.namespace == change.object.metadata.name }
        }
    }

    /// Of a channel that has changed, or was tried.
    func wakeAll() { wake { _ in true } }

    private func wake(_ isMeant: (ObjectKey) -> Bool) {
        for trigger in triggers.all() where isMeant(trigger.key) { add(trigger) }
        for key in debts.all where isMeant(key.trigger) { queue.add(key) }
    }

    private func add(_ trigger: ReportTrigger) {
        let key = TicketKey(trigger)
        if trigger.concernsTickets || debts.has(key) { queue.add(key) }
    }
}
