package import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords

/// What becomes of a delivery. Every rule of it is here; nothing here knows a clock or a server.
///
/// A delivery goes through these steps, each of which waits for what the one before has written:
///
/// 1. What its spec leaves out is pinned in its status: attempt, publication, formats, recipients; if the report is of the
///    delivery's own namespace.
/// 2. The report is read, and its files are made.
/// 3. The finalizer is put on. Each recipient's copy is claimed in the ledger, sent, and its outcome written there. What may
///    pass is tried again.
/// 4. Once the ledger holds the end of every copy, the status says so, and the finalizer goes.
///
/// The ledger decides; where the status knows more of a copy, since one of the two was restored, what is later counts.
package enum DeliveryPlanner {
    /// Seconds that a report's record is waited for: the operator may write it a moment after it has made the delivery.
    static let recordPatience: Double = 600
    /// Seconds between two writes of a status that goes on.
    static let statusPause: Double = 2
    /// Seconds that a claim of which nothing more is known may last.
    static let longestClaim: Double = 600

    package static func plan(_ observed: ObservedDelivery, now: Date) -> DeliveryPlan {
        var draft = DeliveryDraft(observed, now: now)
        if observed.delivery.metadata.isDeleting {
            draft.cancel()
        } else if draft.status.phase?.isTerminal == true {
            draft.retire()
        } else if draft.status.pinned != nil, let copies = draft.copies, !draft.isAnyOpen(copies) {
            draft.finish(copies)
        } else if let end = obstacle(to: observed, now: now) {
            draft.fail(end)
        } else {
            draft.advance()
        }
        return draft.finished()
    }

    /// What keeps it from ever being sent, as far as spec and channel tell.
    private static func obstacle(to observed: ObservedDelivery, now: Date) -> DeliveryDraft.End? {
        guard let spec = observed.delivery.spec.value else {
            guard case .fault(let fault) = observed.delivery.spec else { return nil }
            return .init(reason: Reason.invalidSpec, message: fault)
        }
        if DeliveryKey.isRestored(observed.delivery) {
            return .init(
                reason: Reason.restored,
                message:
                    "this is a copy of a delivery that was taken up before, and sends nothing again; to send the report "
                    + "again, create another without the label \(DeliveryKey.acceptedUID), or use kubectl report resend"
            )
        }
        var channel = observed.channel?.spec.value
        // What has begun isn't stopped by a later version's stricter check, but by a channel that has become another one.
        let fits = channel.map { ($0.type == .mail) == (spec.to != nil) } ?? true
        if observed.delivery.status?.pinned == nil || !fits {
            // A recipient that the channel doesn't allow is refused alone, and keeps nobody else from being served.
            channel?.mail?.allowedRecipients = (spec.to ?? []) + (spec.cc ?? [])
            let faults = DeliveryCheck.faults(in: spec, channel: channel, parameters: nil, at: "spec")
            if !faults.isEmpty { return .init(reason: Reason.invalidSpec, message: faults.joined(separator: "; ")) }
        }
        if let channel = observed.channel?.spec.value, let labels = observed.namespaceLabels,
            !DeliveryCheck.admits(namespaceLabels: labels, by: channel)
        {
            return .init(
                reason: Reason.namespaceNotAllowed,
                message: "spec.channel: \"\(spec.channel)\" doesn't take reports of the namespace "
                    + "\(observed.delivery.metadata.namespace); ask whoever runs the cluster to give the namespace the labels "
                    + "of the channel's allowedNamespaces")
        }
        return nil
    }
}
