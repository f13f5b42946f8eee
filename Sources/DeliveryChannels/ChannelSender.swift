package import DeliveryPlanning

/// One channel's way out, set up from its spec and its Secrets; made anew when either changes.
package protocol ChannelSender: Sendable {
    /// Whether a copy that may have arrived can simply be sent again: the other side knows it by its name or id.
    var repeatsHarmlessly: Bool { get }

    /// Sends one copy, or says why not. At `deadline` it is cut, at whatever point.
    ///
    /// `mayBegin` is asked just before the first byte that a reader could see; false stops, and counts as deferred.
    func send(
        _ dispatch: Dispatch, by deadline: ContinuousClock.Instant, mayBegin: @escaping @Sendable () -> Bool
    ) async -> SendOutcome

    /// Tries the channel for real, without anything that a reader would see.
    func trial(by deadline: ContinuousClock.Instant) async -> ChannelTrial
}

/// A channel's way to open and close tickets. What may have arrived can be sent again: the other side knows it by its id.
package protocol TicketSender: Sendable {
    /// Sends it, or says why not; `sent` has the id that the other side gave the ticket. At `deadline` it is cut, at whatever point.
    ///
    /// `mayBegin` is asked just before the first byte; false stops, and counts as deferred.
    func send(
        _ post: TicketPost, by deadline: ContinuousClock.Instant, mayBegin: @escaping @Sendable () -> Bool
    ) async -> SendOutcome
}
