import KubernetesModel

/// Whether a request is stored outside the cluster, as its status has it. What an operator knows of that since it began, of
/// MongoDB itself, is in its ledger.
extension ReportRequestStatus {
    /// What the condition `Recorded` says of the state that it was written with; nil where nothing is said. For code that shows
    /// or writes it: of a run that goes on, what comes next isn't stored by that.
    public var isRecorded: Bool? { condition(.recorded)?.isTrue }

    /// Whether the run is over and its end is stored: what is kept only until then can go. For code that has a status alone, or
    /// one that is about to be written; a deletion or a new attempt may still be to be stored.
    public var isEndRecorded: Bool { isTerminal && isRecorded == true }
}

extension ReportRequest {
    /// Whether nothing of it is left to store, as it stands: it is over, and neither changed nor about to go. A restarted
    /// operator relies on it, instead of storing all of them again.
    public var isRecordedForGood: Bool {
        guard let status, !metadata.isDeleting, status.observedGeneration == metadata.generation else { return false }
        return status.isEndRecorded
    }

    /// Whether there is something to store, and it can't go before that is done: whether the record's projection takes it on.
    /// (The finalizer comes first of all.)
    public var isToBeRecorded: Bool {
        status?.phase != nil && !isRecordedForGood && !isRestored
            && (metadata.isDeleting || metadata.finalizers.contains(ReportsAPI.Finalizer.record))
    }
}
