import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords

/// What becomes of each recipient's copy.
extension DeliveryDraft {
    /// The copies of its recipients, and any other that the ledger has of it; nil while the ledger can't be read.
    static func copies(_ observed: ObservedDelivery, _ status: ReportDeliveryStatus, now: Date) -> [KnownCopy]? {
        guard case .found(let all) = observed.ledger else { return nil }
        // What is named as the operator's in another namespace has its key, and nothing to do with its copies.
        let copies = all.filter { isOwn($0, observed) }
        let metadata = observed.delivery.metadata
        var rest = Dictionary(copies.map { ($0.id, $0) }) { first, _ in first }
        let spec = observed.delivery.spec.value
        let listed = (status.recipients ?? []).map { recipient -> KnownCopy in
            let before = rest.removeValue(forKey: DeliveryCopy.id(delivery: observed.key, recipient: recipient.to))
            var fresh = DeliveryCopy(
                delivery: observed.key, namespace: metadata.namespace, name: metadata.name,
                reportID: spec?.reportID ?? "", channel: spec?.channel ?? "",
                type: observed.channel?.spec.value?.type.rawValue ?? "", recipient: recipient.to, at: now)
            fresh.attempt = status.pinned?.attempt
            fresh.publication = status.pinned?.publication
            fresh.formats = status.pinned?.formats
            if case .found(let home) = observed.home { fresh.origin = home.origin }
            return KnownCopy(before ?? fresh, before: before, told: recipient)
        }
        return listed
            + rest.values.sorted { $0.id < $1.id }
            .map { KnownCopy($0, before: $0, told: .init(to: $0.recipient)) }
    }

    /// Whether a copy that the ledger knows by the same key is of the same namespace: anybody can write the labels that a key is
    /// made of, and must neither send nor end what is another namespace's.
    private static func isOwn(_ copy: DeliveryCopy, _ observed: ObservedDelivery) -> Bool {
        guard copy.namespace == observed.delivery.metadata.namespace else { return false }
        guard case .found(let home) = observed.home, let other = copy.namespaceUID else { return true }
        return other == home.uid
    }

    /// The same without those whose documents can't be read.
    var readableCopies: [KnownCopy]? {
        let lost = Set(observed.unreadable.map(\.id))
        return Self.copies(observed, status, now: now)?.filter { !lost.contains($0.copy.id) }
    }

    /// Those that may be sent now. Of the others each is ended or waited for, by its state.
    mutating func due(_ copies: [KnownCopy], _ channel: ReportChannelSpec) -> [KnownCopy] {
        let limit = (channel.retryFor ?? Self.defaultRetryFor)?.seconds ?? 86400
        // What waits for its turn here isn't begun again.
        return unclaimed(copies.filter { !observed.inFlight.contains($0.copy.recipient) }).filter { known in
            let copy = known.copy
            if channel.type == .mail, let mail = channel.mail,
                let obstacle = DeliveryCheck.obstacle(to: copy.recipient, through: mail)
            {
                end(known, .failed, End(reason: Reason.invalidRecipient, message: obstacle))
                return false
            }
            guard copy.tries > 0 else { return true }
            if copy.phase == .sending, !observed.repeatsHarmlessly, copy.uncertain != 1 {
                end(known, .unknown, End(reason: nil, message: "the answer to \(copy.tries) tries was lost"))
                return false
            }
            if copy.triedFor ?? 0 >= limit {
                let tries = copy.tries == 1 ? "1 try" : "\(copy.tries) tries"
                let words = "gave up after \(tries): \(copy.detail ?? "the answer was lost")"
                end(known, .failed, End(reason: Reason.gaveUp, message: words))
                return false
            }
            if copy.phase == .pending, known.due > now {
                plan.wake(at: known.due)
                return false
            }
            return true
        }
    }

    mutating func send(_ due: [KnownCopy]) {
        for known in due {
            let claim = known.claimed(harmlessly: observed.repeatsHarmlessly, now: now)
            plan.actions.append(.send(claim, before: known.before))
        }
    }

    /// Ends each copy that nobody has claimed, also those that wait for their turn here: their claim is refused then.
    mutating func endAll(_ copies: [KnownCopy], _ phase: DeliveryCopy.Phase, _ end: End) {
        for known in unclaimed(copies) { self.end(known, phase, end) }
    }

    /// Those that are open and that nobody has claimed. What only the status knows of the others is written down.
    private mutating func unclaimed(_ copies: [KnownCopy]) -> [KnownCopy] {
        copies.compactMap { known in
            guard !known.copy.phase.isTerminal else {
                if known.isRestored { restore(known) }
                return nil
            }
            guard known.copy.phase == .sending else { return known }
            // What is sent here tells of itself.
            guard !observed.inFlight.contains(known.copy.recipient) else { return nil }
            guard known.deadline <= now else {
                plan.wake(at: known.deadline)
                return nil
            }
            // Its claim is over without a word of what came of it.
            var lost = known
            lost.copy.uncertain = (known.copy.uncertain ?? 0) + 1
            return lost
        }
    }

    /// Writes down what only the status knows.
    mutating func restore(_ known: KnownCopy) {
        var copy = known.copy
        copy.holder = nil
        copy.deadline = nil
        copy.epoch += 1
        plan.actions.append(.end(copy, before: known.before))
    }

    private mutating func end(_ known: KnownCopy, _ phase: DeliveryCopy.Phase, _ end: End) {
        var ended = SettlingRule.ended(known.copy, phase, end.message, reason: end.reason, now: now)
        ended.epoch += 1
        plan.actions.append(.end(ended, before: known.before))
    }

    // MARK: The status of all

    mutating func show(_ copies: [KnownCopy]) {
        let shown = copies.map { known -> ReportDeliveryStatus.Recipient in
            let copy = known.copy
            let mayRepeat = copy.uncertain ?? 0 > 0 && !observed.repeatsHarmlessly && !copy.phase.isTerminal
            return .init(
                to: copy.recipient, phase: copy.phase, detail: copy.detail.map { $0.head(bytes: 1000) },
                at: copy.tries == 0 && copy.phase == .pending ? nil : Timestamp(copy.at), id: copy.sentID,
                possiblyTwice: copy.possiblyTwice ?? (mayRepeat ? true : nil))
        }
        status.recipients = shown
        status.sent = ReportDeliveryStatus.sent(of: shown)
        if case .ready(let files) = observed.files, !files.isEmpty {
            status.files = files
        } else if status.files == nil {
            // Sent by a courier that ended before it could tell.
            status.files = copies.lazy.compactMap(\.copy.files).first
        }
        let tries = copies.map(\.copy.tries).max() ?? 0
        if tries > 0 { status.attempts = tries }
    }

    /// Tells how far the copies have come.
    mutating func tell(_ copies: [KnownCopy]) {
        show(copies)
        let waiting = copies.filter { $0.copy.phase == .pending && $0.copy.tries > 0 }
        guard let first = waiting.first else {
            return say(.sending, "\(copies.count { $0.copy.phase.isTerminal }) of \(copies.count) done")
        }
        say(
            .sending,
            "\(first.copy.recipient): \(first.copy.detail ?? "not sent yet"); next try at \(Timestamp(first.due))"
                + (waiting.count > 1 ? "; and \(waiting.count - 1) more wait" : ""))
    }

    /// Every copy is over. Tells of it once the ledger holds all of that.
    mutating func finish(_ copies: [KnownCopy]) {
        let restored = copies.filter(\.isRestored)
        guard restored.isEmpty else {
            for known in restored { restore(known) }
            return tell(copies)
        }
        show(copies)
        let missed = copies.map(\.copy).filter { $0.phase != .sent }
        let sent = copies.count - missed.count
        let troubles = missed.prefix(3).map { "\($0.recipient): \($0.detail ?? $0.phase.rawValue)" }
        let first = troubles.joined(separator: "; ") + (missed.count > 3 ? "; and \(missed.count - 3) more" : "")
        guard !missed.isEmpty else {
            return say(.delivered, sent == 1 ? "sent to \(copies[0].copy.recipient)" : "sent to all \(sent) recipients")
        }
        guard sent == 0 else { return say(.partlyDelivered, "sent to \(sent) of \(copies.count); \(first)") }
        let reasons = Set(missed.map(\.reason))
        say(.failed, first, reason: reasons.count == 1 ? reasons.first ?? nil : nil)
    }
}
