import Synchronization

/// When a reflector last heard something from its source: a list, an event or a bookmark.
final class ReflectorProgress: Sendable {
    private static let never = Int64.min

    /// The clock's nanoseconds.
    private let last = Atomic<Int64>(ReflectorProgress.never)

    func mark(_ now: Duration) {
        last.store(Self.nanoseconds(now), ordering: .relaxed)
    }

    /// How long ago that was; nil before the first.
    func age(_ now: Duration) -> Duration? {
        let last = last.load(ordering: .relaxed)
        return last == Self.never ? nil : .nanoseconds(max(0, Self.nanoseconds(now) - last))
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
