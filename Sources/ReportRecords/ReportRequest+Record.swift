public import KubernetesModel
public import ReportAPI

extension ReportRequest {
    /// Whether the status itself says that everything is stored. A restarted operator goes by it.
    public var isRecordedForGood: Bool {
        guard let status, !metadata.isDeleting, status.observedGeneration == metadata.generation else { return false }
        return status.isEndRecorded
    }

    /// Whether its status says already that everything is stored, so that it needn't be looked at for that.
    public var saysItIsRecorded: Bool {
        !metadata.isDeleting && status?.isRecorded == true
    }

    /// Whether there is something to store, and it can't go before that is done. (The finalizer comes first of all.)
    public var isToBeRecorded: Bool {
        status?.phase != nil && !isRecordedForGood && !isRestored
            && (metadata.isDeleting || metadata.finalizers.contains(ReportsAPI.Finalizer.record))
    }

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
