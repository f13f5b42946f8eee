import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords

/// From what is pinned to the send of the copies.
extension DeliveryDraft {
    mutating func advance() {
        guard let spec else { return }
        guard let copies else { return waitForLedger() }
        guard let channel = observed.channel else {
            let words =
                "there is no channel \"\(spec.channel)\" in the namespace \(observed.courierNamespace); kubectl get rch "
                + "-n \(observed.courierNamespace) shows those that there are"
            return waitForChannel(words, since: created, limit: nil, copies)
        }
        guard let channelSpec = channel.spec.value else {
            let words = "channel \(spec.channel) is not written as it should be; see its status"
            return waitForChannel(words, since: brokenSince(channel), limit: nil, copies)
        }
        // The namespace is met a moment later than what is in it.
        guard observed.namespaceLabels != nil else { return plan.isImpatient = true }
        guard status.pinned != nil, status.recipients != nil else { return pin(spec, channelSpec) }

        let due = due(copies, channelSpec)
        guard !due.isEmpty else { return tell(copies) }
        switch observed.standing {
        case .works: break
        case .untried:
            // Its trial is under way, and wakes this delivery.
            show(copies)
            return say(status.phase ?? .pending, status.message ?? "channel \(spec.channel) is being tried")
        case .broken(let words):
            return waitForChannel(
                "channel \(spec.channel) doesn't work: \(words)", since: brokenSince(channel),
                limit: channelSpec.retryFor, copies)
        }
        guard prepare(copies) else { return }
        send(due)
        tell(copies)
    }

    var created: Date { metadata.creationTimestamp?.date ?? now }

    static var defaultRetryFor: ReportDuration? { ReportDuration(ReportChannelSpec.defaultRetryFor) }

    // MARK: What is missing

    /// - Returns: whether there is all that is sent.
    private mutating func prepare(_ copies: [KnownCopy]) -> Bool {
        // An unknown one is a later version's.
        let formats = (status.pinned?.formats ?? []).compactMap(OutputFormat.init)
        switch observed.files {
        case .ready: return true
        case .impossible(let words):
            fail(End(reason: Reason.fileNotMade, message: words))
        case .troubled(let words, let again):
            show(copies)
            say(.rendering, words)
            if again <= now { plan.actions.append(.makeFiles(formats)) } else { plan.wake(at: again) }
        case .notAsked, .beingMade:
            show(copies)
            if observed.files == .notAsked { plan.actions.append(.makeFiles(formats)) }
            if formats.isEmpty || status.phase == .sending {
                // Those of a second try are only fetched.
                say(.sending, status.message ?? "")
            } else {
                say(.rendering, "making \(formats.map(\.rawValue).joined(separator: ", "))")
            }
        }
        return false
    }

    /// Since when it doesn't work, as its status says: a courier that was away hasn't tried meanwhile.
    private func brokenSince(_ channel: ReportChannel) -> Date {
        guard let ready = channel.status?.ready, ready.status == "False" else { return now }
        return max(created, ready.lastTransitionTime?.date ?? now)
    }

    private mutating func waitForChannel(
        _ words: String, since start: Date, limit: ReportDuration?, _ copies: [KnownCopy]
    ) {
        let limit = limit ?? Self.defaultRetryFor
        let due = start.addingTimeInterval(Double(limit?.seconds ?? 86400))
        guard due > now else {
            return fail(
                End(reason: Reason.gaveUp, message: "gave up after \(limit?.description ?? "24h"): \(words)"))
        }
        plan.wake(at: due)
        if !copies.isEmpty { show(copies) }
        say(status.phase ?? .pending, words)
    }
}
