extension Duration {
    public var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    /// Rounded up; 0 for what is past. At most what a C `int` holds, which is 24 days.
    public var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        guard seconds < 2_000_000 else { return Int(Int32.max) }
        return max(0, Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }

    /// Rounded up, and at least 1: for libraries and servers that take 0 for no limit.
    public var milliseconds: Int { max(1, wholeMilliseconds) }
}
