/// How long what failed waits for its next try: twice as long each time, with jitter, up to a bound.
public struct Backoff: Sendable {
    public var first: Duration
    public var longest: Duration
    /// Gives a number in 0..<1.
    public var random: @Sendable () -> Double

    public init(
        first: Duration = .milliseconds(5),
        longest: Duration = .seconds(300),
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.first = first
        self.longest = longest
        self.random = random
    }

    /// The wait after that many failures before this one.
    ///
    /// It lies between the half and the whole of the exponential, so that keys that failed together (an outage) don't
    /// come back together.
    public func delay(failures: Int) -> Duration {
        // 2^26 times 5 ms are four days, far beyond any bound, and it can't overflow.
        let whole = min(first * (1 << min(failures, 26)), longest)
        return whole * (0.5 + random() / 2)
    }
}

extension Backoff {
    /// The waits of failures in a row.
    public struct Delays: Sendable {
        private let backoff: Backoff
        private var failures = 0

        public init(_ backoff: Backoff) { self.backoff = backoff }

        public mutating func next() -> Duration {
            defer { failures += 1 }
            return backoff.delay(failures: failures)
        }

        /// What comes next is no longer in a row with what was.
        public mutating func reset() { failures = 0 }
    }

    public var delays: Delays { Delays(self) }
}
