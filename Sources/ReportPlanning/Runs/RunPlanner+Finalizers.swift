import KubernetesModel
import ReportAPI

/// What keeps a request from going before everything is done that its going would make impossible.
extension RunPlanner {
    /// Puts the finalizers on before anything happens that they are there for, and in the same write the mark by which the
    /// request is told from a copy of it that is restored later.
    static func keepFinalizers(_ draft: inout RunDraft) -> Answer {
        guard !draft.request.metadata.isDeleting else { return .next }
        // A run without the mark is better than none.
        let isMarked =
            draft.request.acceptedUID == draft.request.metadata.uid
            || draft.observed.setbacks[ObservedRun.markSetback] != nil
        var wanted: [String] = []
        if draft.observed.record != .notConfigured, !draft.status.isEndRecorded,
            !draft.status.isRestored || isResumable(draft)
        {
            wanted.append(ReportsAPI.Finalizer.record)
        }
        if draft.observed.lock != .notConfigured, !draft.status.isTerminal, draft.sharedGroup != nil {
            wanted.append(ReportsAPI.Finalizer.sharedLock)
        }
        let present = draft.request.metadata.finalizers
        let missing = wanted.filter { !present.contains($0) }
        guard !missing.isEmpty || !isMarked else { return .next }
        draft.set(finalizers: present + missing, marking: !isMarked)
        return .done
    }

    /// Gives the shared lock back once the run is over, and takes off the finalizers that have done their work.
    ///
    /// `isHeld`: deliveries are still to be made of it.
    /// - Returns: whether that changes the request, so that nothing else can be planned for it now.
    static func letGo(_ draft: inout RunDraft, unlessHeld isHeld: Bool) -> Bool {
        let present = draft.request.metadata.finalizers
        var done: Set<String> = []
        if present.contains(ReportsAPI.Finalizer.sharedLock) {
            switch draft.observed.lock {
            // Without Redis nobody renews it any more: it lapses by itself.
            case .released, .notConfigured:
                done.insert(ReportsAPI.Finalizer.sharedLock)
            case .idle, .waiting, .held, .lost:
                if let group = draft.sharedGroup {
                    draft.actions.append(.releaseSharedLock(group))
                } else {
                    done.insert(ReportsAPI.Finalizer.sharedLock)
                }
            case .releasing:
                break
            }
        }
        // The record notes the deletion too, so its finalizer stays until there is one.
        if draft.request.metadata.isDeleting, draft.observed.record == .stored, !isHeld {
            done.insert(ReportsAPI.Finalizer.record)
        }
        // Where no schedule made the request, nobody else would ever take it off.
        if draft.request.metadata.isDeleting, draft.request.metadata.labels[ReportsAPI.Label.tickUID] == nil {
            done.insert(ReportsAPI.Finalizer.tick)
        }
        let remaining = present.filter { !done.contains($0) }
        guard remaining != present else { return false }
        draft.set(finalizers: remaining)
        return true
    }
}

extension RunDraft {
    /// The concurrency group of an accepted run of scope `Shared`.
    var sharedGroup: ConcurrencyGroup? {
        guard let group = ConcurrencyGroup(request), group.scope == .shared else { return nil }
        return group
    }

    /// A change of finalizers is alone in its plan: it makes another version of the request, and what else was decided rests
    /// on this one.
    mutating func set(finalizers: [String], marking: Bool = false) {
        actions = [.setFinalizers(finalizers, marking: marking)]
        leavesStatus = true
    }
}
