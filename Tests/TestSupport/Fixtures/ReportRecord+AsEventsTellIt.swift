package import ReportRecords

extension ReportRecord {
    /// Without what no event tells.
    package var asEventsTellIt: ReportRecord {
        var record = self
        record.message = nil
        record.deletedAt = nil
        record.generation = 0
        record.resourceVersion = ""
        record.versionOrder = ""
        record.notes = nil
        for index in record.stages?.indices ?? 0..<0 where record.stages?[index].completedAt == nil {
            record.stages?[index].message = nil
        }
        return record
    }
}
