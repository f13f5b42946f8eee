import KubernetesModel
import ReportAPI
import ReportPlanning

extension ReportRequest {
    /// Whether its status says already that everything is stored, so that it needn't be looked at for that.
    var saysItIsRecorded: Bool {
        !metadata.isDeleting && status?.isRecorded == true
    }

    /// Whether there is something to store, and it can't go before that is done. (The finalizer comes first of all.)
    var isToBeRecorded: Bool {
        status?.phase != nil && !isRecordedForGood
            && (metadata.isDeleting || metadata.finalizers.contains(ReportsAPI.Finalizer.record))
    }

    /// Without what was pinned, which may be large and which no event tells.
    var withoutPipeline: ReportRequest {
        var copy = self
        copy.status?.accepted = nil
        return copy
    }

    /// The last state of a request that has gone, marked as deleted: by its own timestamp, or at that time.
    func deleted(at time: Timestamp) -> ReportRequest {
        var copy = self
        copy.metadata.deletionTimestamp = metadata.deletionTimestamp ?? time
        return copy
    }
}
