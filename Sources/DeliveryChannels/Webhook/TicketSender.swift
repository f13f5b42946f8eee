package import DeliveryPlanning

/// A channel's way to open and close tickets. What may have arrived can be sent again: the other side knows it by its id.
package protocol TicketSender: Sendable {
    /// Sends it, or says why not; `sent` has the id that the other side gave the ticket. At `deadline` it is cut, at whatever point.
    ///
    /// `mayBegin` is asked just before the first byte; false stops, and counts as deferred.
    func send(
        _ post: TicketPost, by deadline: ContinuousClock.Instant, mayBegin: @escaping @Sendable () -> Bool
    ) async -> SendOutcome
}
