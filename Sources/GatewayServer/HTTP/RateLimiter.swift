internal import Synchronization

/// How many requests a minute one person, or one address that nobody is known at, may make.
///
/// A bucket each that fills again steadily, so that a burst passes and a flood doesn't.
final class RateLimiter: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: ContinuousClock.Instant
    }

    /// The most that are remembered; the fullest are forgotten first, which costs them nothing.
    private static let capacity = 20_000

    private let perSecond: Double
    private let burst: Double
    private let buckets = Mutex<[String: Bucket]>([:])

    /// `perMinute`: 0 for no limit.
    init(perMinute: Int) {
        perSecond = Double(perMinute) / 60
        burst = Double(perMinute) / 4
    }

    /// nil: go on. Else the seconds after which there is room again.
    func wait(for key: String, at now: ContinuousClock.Instant = .now) -> Int? {
        guard perSecond > 0 else { return nil }
        return buckets.withLock { buckets in
            var bucket = buckets[key] ?? Bucket(tokens: burst, at: now)
            let elapsed = (now - bucket.at) / .seconds(1)
            bucket.tokens = min(burst, bucket.tokens + max(0, elapsed) * perSecond)
            bucket.at = now
            if buckets.count >= Self.capacity, buckets[key] == nil {
                buckets = buckets.filter { ($0.value.tokens + ((now - $0.value.at) / .seconds(1)) * perSecond) < burst }
                if buckets.count >= Self.capacity { buckets.removeAll() }
            }
            guard bucket.tokens >= 1 else {
                buckets[key] = bucket
                return max(1, Int(((1 - bucket.tokens) / perSecond).rounded(.up)))
            }
            bucket.tokens -= 1
            buckets[key] = bucket
            return nil
        }
    }
}
