import KubernetesModel
import ReportAPI

/// That something didn't get out is told to who asked for the report: once for each delivery that has failed for good.
extension RunPlanner {
    /// Makes the notices that are missing. Each is named after the delivery that it is about, so that it is made once, whatever
    /// becomes of the operator; and the ledger keeps it from being sent again, whatever becomes of it.
    ///
    /// `onTheirWay`: what the condition says meanwhile.
    ///
    /// - Returns: whether some are missing still.
    static func tellRequester(
        of outcomes: [(delivery: RunDelivery, outcome: Outcome)], _ known: ObservedRun.Deliveries, _ onTheirWay: String,
        _ draft: inout RunDraft
    ) -> Bool {
        // What goes out of a run that didn't succeed is a notice itself. A request that was deleted needs none.
        guard draft.status.phase == .succeeded, !draft.request.metadata.isDeleting,
            let way = draft.status.accepted?.failureNotice
        else { return false }
        let setbacks = draft.observed.setbacks
        let run = draft
        let missing = outcomes.compactMap { delivery, outcome in
            notice(of: delivery, outcome, by: way, known, run)
        }.filter { notice in
            guard known.made[notice.name] == nil else { return false }
            if case .refused = setbacks[notice.name] { return false }
            return true
        }
        guard !missing.isEmpty else { return false }
        let obstacle = missing.lazy.compactMap { notice -> String? in
            guard case .postponed(let words) = setbacks[notice.name] else { return nil }
            return words
        }.first
        let words = obstacle.map {
            "\(onTheirWay); one has failed, and the notice of it can't be made yet, which is tried again: "
                + $0.head(bytes: 512)
        }
        if let words, draft.status.condition(.delivered)?.message != words {
            draft.set(.delivered, value: "Unknown", reason: Reason.delivering, message: words)
            draft.wake(at: draft.now.adding(1))
        } else {
            draft.actions += missing.map { .createDelivery($0) }
        }
        return true
    }

    private static func notice(
        of delivery: RunDelivery, _ outcome: Outcome, by way: DeliverSpec, _ known: ObservedRun.Deliveries,
        _ draft: RunDraft
    ) -> RunDelivery? {
        let (what, words): (String, String)
        switch outcome {
        case .delivered, .deleted: return nil
        case .partlyDelivered(let detail): (what, words) = ("didn't get to everybody", detail)
        case .failed(let detail): (what, words) = ("didn't get out", detail)
        }
        let channel = delivery.spec.channel
        // What goes through a broker is a notice.
        let isNotice = known.channels.contains { $0.metadata.name == channel && $0.spec.value?.type == .mqtt }
        guard !isNotice else { return nil }
        let (name, namespace) = (draft.request.metadata.name, draft.request.metadata.namespace)
        var entry = way
        entry.subject = "Not delivered: \(name.head(bytes: 150))"
        entry.text = """
            The report \(name) is done, but it \(what) through the channel \(channel):

            \(words.head(bytes: 1024).replacing("{", with: "{{"))

            Nothing more is tried by itself. Once that is mended, this sends it to those who lack it:

            kubectl report resend \(draft.request.metadata.uid) -n \(namespace) --channel \(channel) --only-missing
            """
        return RunDelivery(
            of: draft.request, attempt: draft.attempt, place: delivery.place, isNotice: true, entry: entry)
    }
}
