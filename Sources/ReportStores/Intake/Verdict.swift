/// What became of a message that was handed over.
package enum Verdict: Sendable, Hashable {
    /// The request exists: the message is acknowledged.
    case accepted
    /// It never can exist: the message goes to the rejected ones, with the reason.
    case rejected(reason: String)
    /// Not now: the message stays pending and is handed over again.
    case retry(after: Duration)
}

/// What an intake did, for metrics.
package enum IntakeEvent: Sendable, Hashable {
    /// A message was read; `isRedelivery` if it may have been handed over before.
    case delivered(isRedelivery: Bool)
    case accepted
    case rejected(reason: String)
    case retried
    /// Redis can't be used at the moment.
    case failed(message: String)
}
