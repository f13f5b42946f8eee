/// A wait that doubles with each failure until something gets better.
struct ReflectorBackoff: Sendable {
    private var failures = 0

    /// The next wait: between one and two times the exponential, so that many clients don't come back together.
    mutating func next(_ options: ReflectorOptions) -> Duration {
        // 2^20 times any sensible first wait is beyond the bound.
        let base = min(options.firstBackoff * (1 << min(failures, 20)), options.longestBackoff)
        failures += 1
        return base * (1 + options.random())
    }

    mutating func reset() {
        failures = 0
    }
}
