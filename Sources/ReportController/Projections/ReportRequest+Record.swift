import FoundationEssentials
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

    /// The last state of a request that has gone, marked as deleted: by its own timestamp, or now.
    var deletedNow: ReportRequest {
        var copy = self
        copy.metadata.deletionTimestamp = metadata.deletionTimestamp ?? Timestamp(Date())
        return copy
    }
}
