import Testing

@testable import GatewayServer

struct RateLimiterTests {
    private let start = ContinuousClock.now

    @Test func aBurstPassesAndThenOneASecond() {
        let limiter = RateLimiter(perMinute: 60)
        for _ in 1...15 { #expect(limiter.wait(for: "a", at: start) == nil) }
        #expect(limiter.wait(for: "a", at: start) == 1)
        // Nobody else is slowed down by that.
        #expect(limiter.wait(for: "b", at: start) == nil)
        #expect(limiter.wait(for: "a", at: start + .milliseconds(900)) == 1)
        for _ in 1...2 { #expect(limiter.wait(for: "a", at: start + .milliseconds(2100)) == nil) }
        #expect(limiter.wait(for: "a", at: start + .milliseconds(2100)) == 1)
    }

    @Test func whoIsRefusedWaitsNoLongerForIt() {
        let limiter = RateLimiter(perMinute: 12)
        for _ in 1...3 { #expect(limiter.wait(for: "a", at: start) == nil) }
        for _ in 1...100 { #expect(limiter.wait(for: "a", at: start) == 5) }
        #expect(limiter.wait(for: "a", at: start + .milliseconds(5001)) == nil)
    }

    @Test func silenceFillsTheBucketAndNoMore() {
        let limiter = RateLimiter(perMinute: 60)
        for _ in 1...15 { _ = limiter.wait(for: "a", at: start) }
        let later = start + .seconds(86400)
        for _ in 1...15 { #expect(limiter.wait(for: "a", at: later) == nil) }
        #expect(limiter.wait(for: "a", at: later) != nil)
    }

    @Test func aClockThatGoesBackGivesNothing() {
        let limiter = RateLimiter(perMinute: 60)
        for _ in 1...15 { _ = limiter.wait(for: "a", at: start) }
        #expect(limiter.wait(for: "a", at: start - .seconds(60)) != nil)
    }

    @Test func zeroIsNoLimit() {
        let limiter = RateLimiter(perMinute: 0)
        for _ in 1...10_000 { #expect(limiter.wait(for: "a", at: start) == nil) }
    }

    /// Callers from everywhere make room by what costs nobody anything.
    @Test func whoWaitsIsStillRememberedWhenManyCome() {
        let limiter = RateLimiter(perMinute: 60)
        for number in 0..<19_990 { _ = limiter.wait(for: "\(number)", at: start) }
        let later = start + .seconds(10)
        for _ in 1...15 { _ = limiter.wait(for: "a", at: later) }
        for number in 20_000..<20_100 { _ = limiter.wait(for: "\(number)", at: later) }
        #expect(limiter.wait(for: "a", at: later) != nil)
    }

    /// However many come from everywhere: who has used up her own isn't let in again by that.
    @Test func aFloodOfOthersFreesNobody() {
        let limiter = RateLimiter(perMinute: 60)
        for _ in 1...15 { _ = limiter.wait(for: "a", at: start) }
        for number in 0..<100_000 { _ = limiter.wait(for: "\(number)", at: start) }
        #expect(limiter.wait(for: "a", at: start) != nil)
    }

    @Test func namesThatOnlyLookAlikeAreTwoPeople() {
        let limiter = RateLimiter(perMinute: 60)
        for _ in 1...15 { _ = limiter.wait(for: "user \u{212A}ate", at: start) }
        #expect(limiter.wait(for: "user \u{212A}ate", at: start) != nil)
        #expect(limiter.wait(for: "user Kate", at: start) == nil)
    }

    @Test func streamsAreCountedByExactNames() {
        let limits = StreamLimits(perPerson: 1, total: 10)
        let places = ["Domäne", "Doma\u{308}ne", "Domäne"].map(limits.enter)
        #expect(places.map { $0 != nil } == [true, true, false])
    }
}
