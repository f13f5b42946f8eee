public import FoundationEssentials

extension ReportRecord {
    /// When the source of what it has published was read: as the stage says, else when the attempt's first stage started, and
    /// where that isn't known, when the request was made.
    public func asOf(_ result: ReportResult) -> Date { asOf(publishedIn: result.attempt, said: result.asOf) }

    /// The same by what a result says: which attempt published it, and perhaps when the source was read.
    public func asOf(publishedIn number: Int, said: Date?) -> Date {
        let start =
            number == attempt ? startedAt : previousAttempts?.first { $0.attempt == number }?.startedAt
        return said ?? start ?? createdAt
    }
}
