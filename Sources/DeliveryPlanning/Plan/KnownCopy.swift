import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords

/// One recipient's copy, as ledger and status together tell of it.
struct KnownCopy: Hashable {
    /// As it is now.
    var copy: DeliveryCopy
    /// What the ledger holds; nil where it was never touched.
    var before: DeliveryCopy?
    /// Whether the status knows more than the ledger, which was restored then.
    var isRestored = false

    /// What the ledger says, in `copy` what it would begin with where it says nothing; and what the status says.
    ///
    /// The ledger decides, being written first. Only who has restored one of the two makes the status the later: it tells of
    /// an end or a claim that the ledger has not, or of a claim after what the ledger has.
    init(_ copy: DeliveryCopy, before: DeliveryCopy?, told recipient: ReportDeliveryStatus.Recipient) {
        self.copy = copy
        self.before = before
        guard !copy.phase.isTerminal else { return }
        let isLater = before == nil || recipient.at.map { $0 > Timestamp(copy.at) } ?? false
        if recipient.phase == .pending {
            // Of a try that the ledger has forgotten.
            if isLater, recipient.possiblyTwice == true { self.copy.uncertain = max(copy.uncertain ?? 0, 1) }
            return
        }
        guard copy.phase != recipient.phase, recipient.phase.isTerminal || isLater else { return }
        isRestored = true
        self.copy.phase = recipient.phase
        self.copy.detail = recipient.detail
        self.copy.sentID = recipient.id
        self.copy.possiblyTwice = recipient.possiblyTwice
        if recipient.phase == .sending || recipient.phase == .sent { self.copy.tries = max(copy.tries, 1) }
        self.copy.at = recipient.at?.date ?? copy.at
        self.copy.notBefore = nil
        if recipient.phase == .sending {
            self.copy.deadline = self.copy.at.addingTimeInterval(DeliveryPlanner.longestClaim)
        }
    }

    /// Until when nobody but who claimed it touches it.
    var deadline: Date { copy.deadline ?? copy.at.addingTimeInterval(DeliveryPlanner.longestClaim) }

    /// When it may be tried again.
    var due: Date {
        let pause = RetryRule.pause(afterTries: copy.tries, of: copy.id)
        return max(copy.at.addingTimeInterval(Double(pause)), copy.notBefore ?? .distantPast)
    }

    /// Claimed for one more try. The claimant fills in its name, and until when.
    func claimed(harmlessly: Bool, now: Date) -> DeliveryCopy {
        var claim = copy
        if copy.tries > 0 {
            // Longer than it should have been: nobody could try.
            let end = copy.phase == .sending ? max(due, deadline) : due
            let most = Int64(max(0, end.timeIntervalSince(copy.at))) + Self.slack
            claim.triedFor = (copy.triedFor ?? 0) + min(Int64(max(0, now.timeIntervalSince(copy.at))), most)
        }
        if copy.uncertain ?? 0 > 0, !harmlessly { claim.possiblyTwice = true }
        claim.phase = .sending
        claim.tries += 1
        claim.epoch += 1
        claim.notBefore = nil
        claim.firstTriedAt = copy.firstTriedAt ?? now
        claim.at = now
        return claim
    }

    /// Seconds that a try may come late and still count as in time.
    private static let slack: Int64 = 120
}
