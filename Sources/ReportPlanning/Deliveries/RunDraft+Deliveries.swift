import KubernetesModel
import ReportAPI

/// The condition `Delivered`, which tells of what went out at the end of the newest attempt.
extension RunDraft {
    /// What the end of this attempt asks for.
    var dueDeliveries: [RunDelivery] {
        entries.filter { status.isDue($0.entry) }
            .map { RunDelivery(of: request, attempt: attempt, place: $0.place, entry: $0.entry) }
    }

    /// What is agreed, with what goes out at its end, where the operator makes deliveries.
    func withDeliveries(_ run: AcceptedRun) -> AcceptedRun {
        guard let ways = observed.deliveries, let spec = request.spec.value else { return run }
        var run = run
        run.deliveries = PinnedDeliveries.list(of: spec, pipeline: run.pipeline, ways)
        if run.deliveries?.isEmpty == false { run.failureNotice = PinnedDeliveries.failureNotice(of: spec, ways) }
        // It is there already, as far as it counts.
        run.pipeline.deliver = nil
        return run
    }

    private var entries: [(place: Int, entry: DeliverSpec)] {
        let list: [DeliverSpec?]
        if let run = status.accepted {
            list = run.deliveries ?? []
        } else {
            list = observed.deliveries.map { PinnedDeliveries.listOfRefused(request.spec.value, $0) } ?? []
        }
        return list.enumerated().compactMap { place, entry in entry.map { (place, $0) } }
    }

    /// Says at a run's end that something is to go out, in the write that tells of the end.
    mutating func describeDeliveries() {
        let isEnding = status.isTerminal && (request.status?.isTerminal != true || attempt != request.status?.attempt)
        guard isEnding, !status.isRestored else { return }
        if observed.deliveries == nil {
            let asked = request.spec.value?.deliver ?? status.accepted?.pipeline.deliver ?? []
            guard asked.contains(where: status.isDue) else { return clear(.delivered) }
            sayThatNothingIsSent()
        } else if dueDeliveries.isEmpty {
            clear(.delivered)
        } else {
            set(.delivered, value: "Unknown", reason: Reason.delivering, message: "about to be made")
        }
    }

    mutating func sayThatNothingIsSent() {
        set(
            .delivered, false, reason: Reason.notConfigured,
            message: "nothing is sent: the operator runs without --courier-namespace, so that it makes no deliveries")
    }
}
