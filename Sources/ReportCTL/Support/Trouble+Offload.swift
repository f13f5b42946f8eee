import ReportRecords

extension Trouble {
    /// A report whose rows and files are in an archive alone.
    init(_ offload: Offload, of record: ReportRecord) {
        self.init("\(record.name): \(offload.sentence(record.uid))")
    }
}
