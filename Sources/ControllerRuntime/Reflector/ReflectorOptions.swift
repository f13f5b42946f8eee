import AsyncSupport

/// How a reflector asks, and how patient it is.
public struct ReflectorOptions: Sendable {
    /// The most objects of one page of a list.
    public var pageSize: Int
    /// After how many seconds the server is asked to end a watch; each watch draws its own, so that they don't end together.
    public var watchTimeoutSeconds: ClosedRange<Int>
    /// After how long without a byte a watch counts as dead: three times the interval of the server's bookmarks.
    public var idleDeadline: Duration
    /// A list's or a watch's first wait after a failure. It doubles each time.
    public var firstBackoff: Duration
    /// The longest wait, before jitter makes it up to twice as long.
    public var longestBackoff: Duration
    /// A watch that ended sooner, and told nothing, was refused rather than served.
    public var shortWatch: Duration
    /// How many such watches in a row lead to a list: some servers refuse an expired version this way.
    public var shortWatchLimit: Int
    /// How many watches in a row may break with a server error in the stream before a list.
    public var brokenWatchLimit: Int
    /// How many watches in a row may last `idleDeadline` without so much as a bookmark before a list.
    ///
    /// A dead connection alone never leads to a list. But a server whose store was set back waits in silence until it
    /// passes the version that was asked for, and only a list can tell.
    public var quietWatchLimit: Int
    /// Gives a number in 0..<1.
    public var random: @Sendable () -> Double

    public init(
        pageSize: Int = 500,
        watchTimeoutSeconds: ClosedRange<Int> = 300...600,
        idleDeadline: Duration = .seconds(180),
        firstBackoff: Duration = .milliseconds(800),
        longestBackoff: Duration = .seconds(30),
        shortWatch: Duration = .seconds(1),
        shortWatchLimit: Int = 5,
        brokenWatchLimit: Int = 5,
        quietWatchLimit: Int = 5,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.pageSize = pageSize
        self.watchTimeoutSeconds = watchTimeoutSeconds
        self.idleDeadline = idleDeadline
        self.firstBackoff = firstBackoff
        self.longestBackoff = longestBackoff
        self.shortWatch = shortWatch
        self.shortWatchLimit = shortWatchLimit
        self.brokenWatchLimit = brokenWatchLimit
        self.quietWatchLimit = quietWatchLimit
        self.random = random
    }

    /// A server timeout for one watch, in seconds.
    func watchTimeout() -> Int {
        let span = Double(watchTimeoutSeconds.count)
        return min(watchTimeoutSeconds.lowerBound + Int(random() * span), watchTimeoutSeconds.upperBound)
    }

    /// The wait doubles with each failure, and lies between one and two times that, so that many clients don't come back
    /// together.
    var backoff: Backoff { Backoff(first: firstBackoff * 2, longest: longestBackoff * 2, random: random) }
}
