/// What became of a message that was handed over.
package enum Verdict: Sendable, Hashable {
    /// The request exists: the message is acknowledged.
    case accepted
    /// It never can exist: the message goes to the rejected ones, with the reason.
    case rejected(reason: String)
    /// Not now: the message stays pending and is handed over again.
    case postponed(Postponement)
}

/// Why a message can't be settled now.
package struct Postponement: Sendable, Hashable {
    package enum Scope: Sendable, Hashable {
        /// Something that concerns this message alone, such as a request of its name that is being deleted.
        case message
        /// The message's namespace refuses, as by a quota: its other messages wait, too, and in the end it is rejected.
        case namespace
        /// Something is out of order that no message can help. It is tried until it works.
        case cluster
    }

    package let reason: String
    package let scope: Scope
    /// The next try is not before that.
    package let pause: Duration

    package init(_ reason: String, scope: Scope, pause: Duration = .zero) {
        self.reason = reason
        self.scope = scope
        self.pause = pause
    }
}

/// What an intake did, for metrics.
package enum IntakeEvent: Sendable, Hashable {
    /// A message was read; `isRedelivery` if it may have been handed over before.
    case delivered(isRedelivery: Bool)
    case accepted
    case rejected(reason: String)
    case postponed
    /// Redis can't be used at the moment.
    case failed(message: String)
}
