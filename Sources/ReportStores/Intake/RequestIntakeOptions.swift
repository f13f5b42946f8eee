/// How requests are taken in.
package struct RequestIntakeOptions: Sendable {
    package var stream = "reports:requests"
    package var group = "report-operator"
    package var rejectedStream = "reports:rejected"
    /// About how many rejected messages are kept.
    package var rejectedLength = 10_000
    /// Messages in hand at once, those that wait for another try among them; no more are read then.
    package var capacity = 64
    /// How many of them are handed over at the same time.
    package var concurrency = 8
    /// How long another consumer must have left a message untouched before it is taken over.
    package var minimumIdle = Duration.seconds(60)
    /// How long Redis may wait for messages in one go. Between two waits idle messages of others are looked for.
    package var block = Duration.seconds(30)

    package init() {}
}
