import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords

/// What becomes of each recipient's copy.
extension DeliveryDraft {
    typealias Recipient = ReportDeliveryStatus.Recipient

    func isAnyOpen(_ recipients: [Recipient], _ copies: [DeliveryCopy]) -> Bool {
        recipients.contains { !known($0, copies).copy.phase.isTerminal }
    }

    mutating func send(
        _ recipients: [Recipient], _ copies: [DeliveryCopy], _ channel: ReportChannelSpec,
        _ type: ReportChannelSpec.Kind
    ) {
        let limit = (channel.retryFor ?? Self.defaultRetryFor)?.seconds ?? 86400
        for recipient in recipients {
            let (copy, before, isRestored) = known(recipient, copies)
            if isRestored, copy.phase.isTerminal {
                end(copy, before, copy.phase, copy.detail)
                continue
            }
            guard !copy.phase.isTerminal, !observed.inFlight.contains(recipient.to) else { continue }
            if copy.phase == .sending {
                guard let repeated = afterLostClaim(copy, before) else { continue }
                plan.actions.append(.send(claimed(repeated), before: before))
                continue
            }
            if type == .mail, let mail = channel.mail,
                let obstacle = DeliveryCheck.obstacle(to: copy.recipient, through: mail)
            {
                end(copy, before, .failed, "\(Reason.invalidRecipient): \(obstacle)")
                continue
            }
            if copy.tries > 0 {
                if copy.triedFor ?? 0 >= limit {
                    end(copy, before, .failed, "\(Reason.gaveUp) after \(copy.tries) tries: \(copy.detail ?? "")")
                    continue
                }
                let due = Self.due(copy)
                guard due <= now else {
                    plan.wake(at: due)
                    continue
                }
            }
            plan.actions.append(.send(claimed(copy), before: before))
        }
        finishCopies(recipients, copies)
    }

    /// Ends each copy that nobody has claimed, with that reason; nil: none is ended, only told of.
    ///
    /// - Returns: whether all of them are over and the ledger says so.
    @discardableResult
    mutating func settle(
        _ recipients: [Recipient], _ copies: [DeliveryCopy], _ reason: End?, cancelling: Bool = false
    ) -> Bool {
        var isOver = true
        for recipient in recipients {
            let (copy, before, isRestored) = known(recipient, copies)
            if copy.phase.isTerminal {
                if isRestored { end(copy, before, copy.phase, copy.detail) }
                continue
            }
            isOver = false
            guard let reason, !observed.inFlight.contains(recipient.to) else { continue }
            if copy.phase == .sending {
                let deadline = Self.deadline(copy)
                guard deadline <= now else {
                    plan.wake(at: deadline)
                    continue
                }
                end(copy, before, .unknown, Self.unknownWords)
            } else {
                end(copy, before, cancelling ? .cancelled : .failed, reason.message)
            }
        }
        finishCopies(recipients, copies, reason: cancelling ? nil : reason?.reason)
        return isOver && plan.actions.isEmpty
    }

    /// While a channel is broken: what was claimed has to be looked at when its time is over.
    mutating func wakeForClaims(_ recipients: [Recipient], _ copies: [DeliveryCopy]) {
        for recipient in recipients {
            let copy = known(recipient, copies).copy
            if copy.phase == .sending, !observed.inFlight.contains(recipient.to) { plan.wake(at: Self.deadline(copy)) }
        }
        show(recipients, copies)
    }

    // MARK: One copy

    /// What is known of a copy: of ledger and status the one that has come farther, since the other was restored then.
    private func known(
        _ recipient: Recipient, _ copies: [DeliveryCopy]
    ) -> (copy: DeliveryCopy, before: DeliveryCopy?, isRestored: Bool) {
        let id = DeliveryCopy.id(delivery: observed.key, recipient: recipient.to)
        let before = copies.first { $0.id == id }
        var copy = before ?? fresh(recipient)
        guard !copy.phase.isTerminal, recipient.phase != .pending, copy.phase != recipient.phase else {
            return (copy, before, false)
        }
        let isFarther = recipient.phase.isTerminal || before == nil
        guard isFarther else { return (copy, before, false) }
        copy.phase = recipient.phase
        copy.detail = recipient.detail
        copy.sentID = recipient.id
        copy.possiblyTwice = recipient.possiblyTwice
        if recipient.phase == .sending {
            copy.tries = max(copy.tries, 1)
            copy.deadline = (recipient.at?.date ?? now).addingTimeInterval(DeliveryPlanner.longestClaim)
        }
        return (copy, before, true)
    }

    private func fresh(_ recipient: Recipient) -> DeliveryCopy {
        var copy = DeliveryCopy(
            delivery: observed.key, namespace: metadata.namespace, name: metadata.name, reportID: spec?.reportID ?? "",
            channel: spec?.channel ?? "", type: observed.channel?.spec.value?.type.rawValue ?? "",
            recipient: recipient.to, at: now)
        copy.attempt = status.pinned?.attempt
        copy.publication = status.pinned?.publication
        copy.formats = status.pinned?.formats
        return copy
    }

    private mutating func end(
        _ copy: DeliveryCopy, _ before: DeliveryCopy?, _ phase: DeliveryCopy.Phase, _ detail: String?
    ) {
        var ended = copy
        ended.phase = phase
        ended.detail = detail?.head(bytes: 1024)
        ended.holder = nil
        ended.deadline = nil
        ended.epoch += 1
        ended.at = now
        plan.actions.append(.end(ended, before: before))
    }

    /// One more try of it. Who claims it, and until when, is filled in by who does.
    private func claimed(_ copy: DeliveryCopy) -> DeliveryCopy {
        var claim = copy
        if claim.tries > 0 {
            let waited = Int64(max(0, now.timeIntervalSince(claim.at)))
            let most = RetryRule.pause(afterTries: claim.tries, of: claim.id) + 120
            // Longer than it should have been: nobody could try.
            claim.triedFor = (claim.triedFor ?? 0) + min(waited, most)
        }
        claim.phase = .sending
        claim.tries += 1
        claim.epoch += 1
        claim.notBefore = nil
        claim.firstTriedAt = claim.firstTriedAt ?? now
        claim.at = now
        return claim
    }

    private static let unknownWords =
        "it may have arrived or not: the answer was lost; ask the recipient, or send it again"

    /// A copy whose claim is over without a word of what came of it: to be tried again, where that is allowed; nil while it
    /// isn't, or where it has ended.
    private mutating func afterLostClaim(_ copy: DeliveryCopy, _ before: DeliveryCopy?) -> DeliveryCopy? {
        let deadline = Self.deadline(copy)
        guard deadline <= now else {
            plan.wake(at: deadline)
            return nil
        }
        guard !observed.repeatsHarmlessly else { return copy }
        guard copy.uncertain ?? 0 == 0 else {
            end(copy, before, .unknown, Self.unknownWords)
            return nil
        }
        var again = copy
        again.uncertain = 1
        again.possiblyTwice = true
        return again
    }

    static func due(_ copy: DeliveryCopy) -> Date {
        let pause = RetryRule.pause(afterTries: copy.tries, of: copy.id)
        return max(copy.at.addingTimeInterval(Double(pause)), copy.notBefore ?? .distantPast)
    }

    static func deadline(_ copy: DeliveryCopy) -> Date {
        copy.deadline ?? copy.at.addingTimeInterval(DeliveryPlanner.longestClaim)
    }

    // MARK: The status of all

    private mutating func show(_ recipients: [Recipient], _ copies: [DeliveryCopy]) {
        let shown = recipients.map { recipient -> Recipient in
            let copy = known(recipient, copies).copy
            return Recipient(
                to: recipient.to, phase: copy.phase, detail: copy.detail.map { $0.head(bytes: 1000) },
                at: copy.tries == 0 && copy.phase == .pending ? nil : Timestamp(copy.at), id: copy.sentID,
                possiblyTwice: copy.possiblyTwice)
        }
        status.recipients = shown
        status.sent = ReportDeliveryStatus.sent(of: shown)
        let tries = copies.map(\.tries).max() ?? 0
        if tries > 0 { status.attempts = tries }
    }

    /// Tells of the copies, and of the delivery's end once the ledger holds that of each.
    private mutating func finishCopies(_ recipients: [Recipient], _ copies: [DeliveryCopy], reason: String? = nil) {
        show(recipients, copies)
        let shown = status.recipients ?? []
        let isWritten = !plan.actions.contains { action in
            if case .end = action { true } else { false }
        }
        guard isWritten, shown.allSatisfy(\.phase.isTerminal) else {
            return say(.sending, progress(shown, copies))
        }
        let sent = shown.count { $0.phase == .sent }
        let troubles = shown.filter { $0.phase != .sent }.map { "\($0.to): \($0.detail ?? $0.phase.rawValue)" }
        let first =
            troubles.prefix(3).joined(separator: "; ") + (troubles.count > 3 ? "; and \(troubles.count - 3) more" : "")
        switch sent {
        case shown.count:
            say(.delivered, shown.count == 1 ? "sent to \(shown[0].to)" : "sent to all \(sent) recipients")
        case 0: say(.failed, first, reason: reason)
        default: say(.partlyDelivered, "sent to \(sent) of \(shown.count); \(first)")
        }
    }

    private func progress(_ shown: [Recipient], _ copies: [DeliveryCopy]) -> String {
        let waiting = shown.filter { $0.phase == .pending && $0.detail != nil }
        guard let first = waiting.first else { return "\(shown.count { $0.phase.isTerminal }) of \(shown.count) done" }
        let id = DeliveryCopy.id(delivery: observed.key, recipient: first.to)
        let next = copies.first { $0.id == id }.map { "; next try at \(Timestamp(Self.due($0)))" } ?? ""
        return "\(first.to): \(first.detail ?? "")\(next)"
            + (waiting.count > 1 ? "; and \(waiting.count - 1) more wait" : "")
    }
}
