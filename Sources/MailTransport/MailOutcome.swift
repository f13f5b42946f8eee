/// What became of one message to one recipient.
package enum MailOutcome: Hashable, Sendable {
    /// The server has taken it, in these words.
    case sent(words: String)
    /// The server won't take it, now or later.
    case refused(code: Int, words: String)
    /// It wasn't sent, and may be later; without a code no server said so.
    case deferred(code: Int?, words: String)
    /// Nothing can be sent until someone mends the channel.
    case configuration(MailConfigurationFault, words: String)
    /// The server had the whole message, and its answer was lost: it may come or not.
    case uncertain(words: String)
}

package enum MailConfigurationFault: Hashable, Sendable {
    /// A certificate that isn't trusted, or files of ours that can't be used.
    case tls
    /// The server offers no STARTTLS.
    case startTLSMissing
    /// User, password or token; or the server offers no way to say who we are.
    case authentication
    /// It has no address that its `addressRule` admits.
    case address
    /// It turns us away whoever the recipient is.
    case server
}
