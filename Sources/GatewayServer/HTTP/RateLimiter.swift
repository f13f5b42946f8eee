internal import KubernetesModel
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
    private let buckets = Mutex<[ExactName: Bucket]>([:])

    /// `perMinute`: 0 for no limit.
    init(perMinute: Int) {
        perSecond = Double(perMinute) / 60
        burst = Double(perMinute) / 4
    }

    /// nil: go on. Else the seconds after which there is room again.
    func wait(for key: String, at now: ContinuousClock.Instant = .now) -> Int? {
        guard perSecond > 0 else { return nil }
        let key = ExactName(key)
        return buckets.withLock { buckets in
            var bucket = buckets[key] ?? Bucket(tokens: burst, at: now)
            bucket.tokens = level(of: bucket, at: now)
            bucket.at = now
            if buckets.count >= Self.capacity, buckets[key] == nil { makeRoom(in: &buckets, at: now) }
            guard bucket.tokens >= 1 else {
                buckets[key] = bucket
                return max(1, Int(((1 - bucket.tokens) / perSecond).rounded(.up)))
            }
            bucket.tokens -= 1
            buckets[key] = bucket
            return nil
        }
    }

    private func level(of bucket: Bucket, at now: ContinuousClock.Instant) -> Double {
        min(burst, bucket.tokens + max(0, (now - bucket.at) / .seconds(1)) * perSecond)
    }

    /// Forgets those that are full again, and of many others the fuller half: who has used up her own stays known, however
    /// many come.
    private func makeRoom(in buckets: inout [ExactName: Bucket], at now: ContinuousClock.Instant) {
        var levels = buckets.map { (key: $0, level: level(of: $1, at: now)) }.filter { $0.level < burst }
        if levels.count > Self.capacity / 2 {
            levels.sort { $0.level < $1.level }
            levels.removeLast(levels.count - Self.capacity / 2)
        }
        let kept = Set(levels.map(\.key))
        buckets = buckets.filter { kept.contains($0.key) }
    }
}
