package import FoundationEssentials

extension ReportRecord {
    /// When the source of what it has published was read: as the stage says, else when the attempt's first stage started, and
    /// where that isn't known, when the request was made.
    package func asOf(_ result: ReportResult) -> Date {
        let isLatest = result.attempt == attempt
        let start = isLatest ? startedAt : previousAttempts?.first { $0.attempt == result.attempt }?.startedAt
        return result.asOf ?? start ?? createdAt
    }
}
