import KubernetesModel
import ReportAPI
import ReportRecords
import Synchronization

/// A trigger, also one that is gone: its tickets are to be closed all the same.
struct TicketKey: Hashable, Sendable, CustomStringConvertible {
    let trigger: ObjectKey
    let uid: String

    init(_ trigger: ReportTrigger) {
        self.trigger = trigger.key
        uid = trigger.metadata.uid
    }

    init(_ entry: TicketEntry) {
        trigger = ObjectKey(namespace: entry.namespace, name: entry.trigger)
        uid = entry.triggerUID
    }

    var description: String { "\(trigger)" }
}

extension ReportTrigger {
    /// Whether it has tickets, or may have, as far as it says itself.
    var concernsTickets: Bool {
        spec.value?.ticket != nil || status?.openTickets != nil || status?.ticketsReady != nil
    }
}

/// Triggers whose tickets aren't over as the ledger has them, whatever the triggers say.
final class TicketDebts: Sendable {
    private let keys = Mutex<Set<TicketKey>>([])

    func add(_ key: TicketKey) { keys.withLock { _ = $0.insert(key) } }

    func remove(_ key: TicketKey) { keys.withLock { _ = $0.remove(key) } }

    func has(_ key: TicketKey) -> Bool { keys.withLock { $0.contains(key) } }

    var all: Set<TicketKey> { keys.withLock { $0 } }
}
