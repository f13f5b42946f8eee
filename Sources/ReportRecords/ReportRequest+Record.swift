public import KubernetesModel
public import ReportAPI

extension ReportRequest {
    /// Without what was pinned, which may be large and which nobody is told who hears of events.
    public var withoutPipeline: ReportRequest {
        var copy = self
        copy.status?.accepted = nil
        return copy
    }

    /// The last state of a request that has gone, marked as deleted: by its own timestamp, or at that time.
    public func deleted(at time: Timestamp) -> ReportRequest {
        var copy = self
        copy.metadata.deletionTimestamp = metadata.deletionTimestamp ?? time
        return copy
    }
}
