package import FoundationEssentials
package import ReportAPI
package import ReportRecords

/// All that a decision on one trigger's tickets rests on.
package struct ObservedTickets: Sendable {
    package enum Trigger: Sendable {
        /// As the watch has it: it may be old.
        case seen(ReportTrigger)
        /// As the API server has it now; nil where it is gone.
        case asked(ReportTrigger?)
    }

    package struct Channel: Sendable {
        package var spec: ReportChannelSpec?
        package var standing: ObservedDelivery.Standing

        package init(spec: ReportChannelSpec?, standing: ObservedDelivery.Standing) {
            self.spec = spec
            self.standing = standing
        }
    }

    package var trigger: Trigger
    /// Those of the courier's namespace, by name.
    package var channels: [String: Channel]
    /// Of the trigger's namespace; nil where that isn't known (yet), or is gone: nothing is opened then.
    package var namespaceLabels: [String: String]?
    /// Where the trigger is.
    package var home: ObservedDelivery.Finding<RecordOrigin>
    /// The trigger's entries, but for those that were over long ago and whose firings aren't in its status any more.
    package var ledger: ObservedDelivery.Finding<TicketEntries>
    /// The ids of those that this process is sending now.
    package var inFlight: Set<String>
    package var courierNamespace: String

    package init(trigger: Trigger, courierNamespace: String) {
        self.trigger = trigger
        self.courierNamespace = courierNamespace
        channels = [:]
        home = .unknown("")
        ledger = .unknown("")
        inFlight = []
    }

    /// How long what came of a ticket is told of, in seconds.
    package static let memory: Double = 86_400
}

/// What to do next for one trigger's tickets: the actions, then the status.
package struct TicketPlan: Hashable, Sendable {
    package var actions: [TicketAction] = []
    /// Nil where it is up to date, or where there is no trigger.
    package var status: ReportTriggerStatus?
    /// When to look again though nothing has changed.
    package var wakeAt: Date?
    /// Look again soon, with growing pauses: something is missing that nobody tells of.
    package var isImpatient = false
    /// A ticket is to be closed, or opened anew, if what the watch shows still holds: the API server has to be asked.
    package var mustAsk = false

    package init() {}

    package var isEmpty: Bool { actions.isEmpty && status == nil }

    mutating func wake(at date: Date) { wakeAt = min(wakeAt ?? date, date) }
}

/// One effect. Each may be repeated without harm.
package enum TicketAction: Hashable, Sendable {
    /// Claims an entry and sends what its state asks for: `before` is what was read of it, nil where there was none. What comes of
    /// it is observed.
    case send(TicketEntry, before: TicketEntry?)
    /// Writes an entry's end down without sending anything.
    case end(TicketEntry, before: TicketEntry)
}
