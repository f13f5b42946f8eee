import KubernetesModel

extension ReportRequestStatus {
    /// Whether more is to be done for what goes out at this attempt's end, or to become known of it.
    ///
    /// A run that ended before there were deliveries has neither the list nor the condition, and gets none.
    public var awaitsDeliveries: Bool {
        guard isTerminal, !isRestored else { return false }
        if let delivered = condition(.delivered) { return delivered.status == "Unknown" }
        return accepted?.deliveries?.contains { isDue($0) } ?? false
    }

    /// Whether an entry of `deliver` is for the end that this attempt came to.
    public func isDue(_ entry: DeliverSpec) -> Bool {
        // A request that was deleted sends nothing any more.
        guard let phase, reason != Reason.requestDeleted, !isRestored else { return false }
        return switch (phase, entry.when ?? .succeeded) {
        case (.succeeded, .succeeded), (.succeeded, .always), (.failed, .failed), (.failed, .always),
            (.cancelled, .always):
            true
        case (.succeeded, .failed), (.failed, .succeeded), (.cancelled, .succeeded), (.cancelled, .failed),
            (.queued, _), (.running, _), (.cancelling, _):
            false
        }
    }
}
