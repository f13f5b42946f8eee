/// When a transfer has taken too long. Pure: the time is passed in.
struct TransferDeadlines {
    typealias Instant = ContinuousClock.Instant

    private enum Phase {
        case connecting
        case awaitingHead(since: Instant)
        case receiving(since: Instant)
    }

    private let timeouts: HTTPTimeouts
    private let start: Instant
    private var phase = Phase.connecting

    init(_ timeouts: HTTPTimeouts, start: Instant) {
        self.timeouts = timeouts
        self.start = start
    }

    /// The connection is established, or more of the request went out.
    mutating func requestProgressed(at now: Instant) {
        phase = .awaitingHead(since: now)
    }

    /// The head is complete, or bytes of the body arrived.
    mutating func responseProgressed(at now: Instant) {
        phase = .receiving(since: now)
    }

    /// The next moment at which something is late, and what; `nil` if nothing ever is.
    var next: (instant: Instant, phase: HTTPError.TimeoutPhase)? {
        let total = timeouts.total.map { (instant: start + $0, phase: HTTPError.TimeoutPhase.total) }
        guard let current else { return total }
        guard let total, total.instant < current.instant else { return current }
        return total
    }

    /// What is late at that time, if anything.
    func expired(at now: Instant) -> HTTPError.TimeoutPhase? {
        next.flatMap { $0.instant <= now ? $0.phase : nil }
    }

    /// The limit that belongs to a phase.
    func limit(of phase: HTTPError.TimeoutPhase) -> Duration? {
        switch phase {
        case .connect: timeouts.connect
        case .firstByte: timeouts.firstByte
        case .idle: timeouts.idle
        case .total: timeouts.total
        }
    }

    private var current: (instant: Instant, phase: HTTPError.TimeoutPhase)? {
        switch phase {
        case .connecting: (start + timeouts.connect, .connect)
        case .awaitingHead(let since): timeouts.firstByte.map { (since + $0, .firstByte) }
        case .receiving(let since): timeouts.idle.map { (since + $0, .idle) }
        }
    }
}
