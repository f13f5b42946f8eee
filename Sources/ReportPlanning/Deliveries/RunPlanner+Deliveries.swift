import KubernetesModel
import ReportAPI

/// What goes out at a run's end. Nothing of it changes the run.
extension RunPlanner {
    /// Makes the deliveries of a run that is over, once, and says what became of them.
    ///
    /// - Returns: whether they exist, or never will, so that the request may go.
    static func deliver(_ draft: inout RunDraft) -> Bool {
        guard draft.status.awaitsDeliveries else { return true }
        guard let known = draft.observed.deliveries else {
            if draft.status.condition(.delivered) != nil { draft.sayThatNothingIsSent() }
            return true
        }
        let due = draft.dueDeliveries
        guard !due.isEmpty else {
            draft.clear(.delivered)
            return true
        }
        guard areMade(draft) else { return make(due, known, &draft) }
        tell(due, known, &draft)
        return true
    }

    // MARK: Making

    /// Written once all are there: one that somebody deletes afterwards is not made again.
    private static func areMade(_ draft: RunDraft) -> Bool {
        draft.status.condition(.delivered)?.message.hasPrefix(onTheirWay) ?? false
    }

    private static let onTheirWay = "on the way by "

    private static func onTheirWay(_ due: [RunDelivery]) -> String {
        "\(onTheirWay)\(StageColumn.brief(unique(due.map(\.spec.channel))))"
    }

    private static func make(
        _ due: [RunDelivery], _ known: ObservedRun.Deliveries, _ draft: inout RunDraft
    ) -> Bool {
        let missing = due.filter { known.made[$0.name] == nil && !isRefused($0, draft) }
        let setbacks = draft.observed.setbacks
        let obstacle = missing.lazy.compactMap { delivery -> String? in
            guard case .postponed(let words) = setbacks[delivery.name] else { return nil }
            return words
        }.first
        let words = obstacle.map { "can't be made yet, and is tried again: \($0.head(bytes: 512))" }
        if missing.isEmpty {
            draft.set(.delivered, value: "Unknown", reason: Reason.delivering, message: onTheirWay(due))
        } else if let words, draft.status.condition(.delivered)?.message != words {
            draft.set(.delivered, value: "Unknown", reason: Reason.delivering, message: words)
            draft.wake(at: draft.now.adding(1))
        } else {
            draft.actions += missing.map { .createDelivery($0) }
        }
        // Nothing can be made in a namespace that goes, and that must be able to.
        return missing.isEmpty || obstacle != nil && draft.request.metadata.isDeleting
    }

    private static func isRefused(_ delivery: RunDelivery, _ draft: RunDraft) -> Bool {
        if case .refused = draft.observed.setbacks[delivery.name] { true } else { false }
    }

    // MARK: Telling

    enum Outcome {
        case delivered
        /// What became of it, in a few words.
        case partlyDelivered(String)
        case failed(String)
        /// Somebody deleted it, who knows why it didn't get out.
        case deleted
    }

    private static func tell(_ due: [RunDelivery], _ known: ObservedRun.Deliveries, _ draft: inout RunDraft) {
        var outcomes: [(delivery: RunDelivery, outcome: Outcome)] = []
        var gone: [String] = []
        for delivery in due {
            guard let made = known.made[delivery.name] else {
                if case .refused(let words) = draft.observed.setbacks[delivery.name] {
                    outcomes.append((delivery, .failed("was refused: \(words.head(bytes: 256))")))
                    continue
                }
                guard known.isListed else { return }
                gone.append(delivery.name)
                outcomes.append((delivery, .deleted))
                continue
            }
            if let outcome = outcome(of: made, delivery) { outcomes.append((delivery, outcome)) }
        }
        // Once the end of all of them is told, nobody looks at them any more: so notices come before.
        guard !tellRequester(of: outcomes, known, onTheirWay(due), &draft), outcomes.count == due.count else { return }
        draft.actions += gone.map { .confirmDeliveryIsGone(name: $0) }
        let (value, reason, message) = verdict(outcomes, draft.request.metadata)
        draft.set(.delivered, value: value, reason: reason, message: message)
    }

    /// Nil while it goes on.
    private static func outcome(of made: ReportDelivery, _ delivery: RunDelivery) -> Outcome? {
        guard made.spec.value == delivery.spec else {
            return .failed(
                "is another's: its name is taken by a delivery that asks for something else, and nothing is sent; delete it "
                    + "(kubectl delete rd \(delivery.name) -n \(delivery.metadata.namespace)), then kubectl report resend "
                    + "\(delivery.spec.reportID) -n \(delivery.metadata.namespace) --channel \(delivery.spec.channel)")
        }
        let words = (made.status?.message ?? "no reason is known").head(bytes: 256)
        return switch made.status?.phase {
        case .delivered: .delivered
        case .partlyDelivered: .partlyDelivered(words)
        case .failed: .failed(words)
        case .pending, .rendering, .sending, nil: nil
        }
    }

    private static func verdict(
        _ outcomes: [(delivery: RunDelivery, outcome: Outcome)], _ request: ObjectMeta
    ) -> (value: String, reason: String, message: String) {
        var sent: [String] = []
        var troubles: [String] = []
        var hasArrived = false
        for (delivery, outcome) in outcomes {
            let channel = delivery.spec.channel
            switch outcome {
            case .delivered: sent.append(channel)
            case .partlyDelivered(let words):
                hasArrived = true
                troubles.append("\(channel): \(delivery.name) went to some alone: \(words)")
            case .failed(let words): troubles.append("\(channel): \(delivery.name) \(words)")
            case .deleted: troubles.append("\(channel): \(delivery.name) was deleted before it was sent")
            }
        }
        guard !troubles.isEmpty else {
            return ("True", Reason.delivered, "delivered by \(StageColumn.brief(unique(sent)))")
        }
        let rest = troubles.count > shownTroubles ? ["\(troubles.count - shownTroubles) more"] : []
        let all = (troubles.prefix(shownTroubles) + rest).joined(separator: "; ")
        let message =
            "\(all); see kubectl get rd -n \(request.namespace) -l \(ReportsAPI.Label.requestUID)=\(request.uid)"
        return ("False", sent.isEmpty && !hasArrived ? Reason.deliveryFailed : Reason.partlyDelivered, message)
    }

    private static let shownTroubles = 4

    private static func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
