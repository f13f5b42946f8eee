/// How long to wait between attempts to connect: twice as long each time, and half of it by chance, so that many
/// clients of a restarted server don't come back at the same moment.
package struct RedisBackoff: Sendable, Equatable {
    package var first: Duration
    package var longest: Duration

    package init(first: Duration = .milliseconds(50), longest: Duration = .seconds(5)) {
        self.first = first
        self.longest = longest
    }

    /// The wait after so many failures in a row (1 is the first), with a random number of 0..<1.
    package func delay(afterFailures failures: Int, random: Double = .random(in: 0..<1)) -> Duration {
        let doublings = min(max(failures, 1) - 1, 30)
        let whole = min(first * (1 << doublings), longest)
        return whole * (0.5 + random / 2)
    }
}
