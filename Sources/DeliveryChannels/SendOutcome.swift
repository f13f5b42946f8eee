/// What became of one try to send one copy. Words are the server's own, or say what to do; they contain no credential.
package enum SendOutcome: Hashable, Sendable {
    /// The other side has it. `id` is its own name for it, where it gave one.
    case sent(id: String?, words: String)
    /// The other side won't take it, now or later.
    case refused(words: String)
    /// It wasn't sent, and may be later: not before `after`, where the other side says so.
    case deferred(words: String, after: Duration?)
    /// Nothing can be sent until someone mends the channel.
    case misconfigured(words: String)
    /// It may have arrived or not.
    case uncertain(words: String)
}

/// What came of a trial of a channel without sending anything that a reader would see.
package enum ChannelTrial: Hashable, Sendable {
    /// In a sentence: what was reached, and as which user.
    case works(words: String)
    /// It may pass: the server is away, or busy.
    case unreachable(words: String)
    /// Someone has to mend it; the words say what.
    case misconfigured(words: String)
}
