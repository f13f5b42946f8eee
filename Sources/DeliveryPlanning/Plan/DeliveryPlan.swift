package import FoundationEssentials
package import ReportAPI
package import ReportRecords

/// What to do next for one delivery: the actions in order, up to the first that fails, then the status.
package struct DeliveryPlan: Hashable, Sendable {
    package var actions: [DeliveryAction] = []
    /// The status to write; nil when it is up to date.
    package var status: ReportDeliveryStatus?
    /// When to look again though nothing has changed.
    package var wakeAt: Date?
    /// Look again soon, with growing pauses: something is missing that nobody tells of.
    package var isImpatient = false

    package init() {}

    package var isEmpty: Bool { actions.isEmpty && status == nil }

    mutating func wake(at date: Date) { wakeAt = min(wakeAt ?? date, date) }
}

/// One effect. Each may be repeated without harm.
package enum DeliveryAction: Hashable, Sendable {
    /// Keeps the resource until its end is stored. Comes before the first `send` or `end`.
    case addFinalizer
    case removeFinalizer
    /// Reads the report, and finds or makes its files, none for a notice, and puts them on the courier's disk. What comes
    /// of it is observed.
    case makeFiles([OutputFormat])
    /// Claims a copy and sends it: `before` is what was read of it, nil where it was never touched. What comes of it is
    /// observed.
    case send(DeliveryCopy, before: DeliveryCopy?)
    /// Writes a copy's end down without sending it.
    case end(DeliveryCopy, before: DeliveryCopy?)
    /// Deletes the resource, which has outlived its time: uid and resourceVersion preconditions.
    case delete
}
