/// How requests are taken in.
package struct RequestIntakeOptions: Sendable {
    package var stream = "reports:requests"
    package var group = "report-operator"
    package var rejectedStream = "reports:rejected"
    /// About how many rejected messages are kept.
    package var rejectedLength = 10_000
    /// The namespace of messages that name none.
    package var namespace = "default"
    /// Messages that are looked at in one go.
    package var batch = 64
    /// How many messages are in hand at the same time, of all namespaces and of one.
    package var concurrency = 16
    package var laneConcurrency = 4
    /// How many may wait where nothing is in the way: beyond that no more are read. Of a namespace that refuses its
    /// messages, what comes beyond that is rejected.
    package var laneLength = 1000
    /// How many may wait or be in hand in all.
    package var totalLength = 20_000
    /// How long a namespace may refuse a message before it is rejected.
    package var patience = Duration.seconds(900)
    /// The pauses between the tries of what can't be settled; they double, with jitter.
    package var firstPause = Duration.seconds(1)
    package var longestPause = Duration.seconds(60)
    /// How long another consumer must have left a message untouched before it is taken over.
    package var minimumIdle = Duration.seconds(60)
    /// How long Redis may wait for messages in one go. Between two waits idle messages of others are looked for.
    package var block = Duration.seconds(30)

    package init() {}
}
