extension Duration {
    /// In whole milliseconds, rounded up, at least 1: how Redis takes times.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return max(1, seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
