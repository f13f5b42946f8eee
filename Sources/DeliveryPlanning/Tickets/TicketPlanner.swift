package import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords

/// What becomes of a trigger's tickets. Pure: once a plan has been carried out and observed, the next one is empty.
///
/// - One is opened of each firing that still goes on. One that ended before anything was sent gets none.
/// - What was begun is brought to its end: what was perhaps opened is opened, and then closed.
/// - One is closed when its alert has ended, or nobody has reported it for long; also where the trigger is gone, or has
///   forgotten the alert.
/// - An alert that comes back within `cooldown` is the same firing, and has another ticket. That one is closed once `cooldown` is
///   over, so that an alert that comes and goes has two of them in that time, and no more.
///
/// For example, with `cooldown: 1h`: an alert fires at 9:00, and a ticket is opened; it ends at 9:20, and the ticket is closed; it fires
/// again at 9:40, and a second one is opened; it ends at 9:45, and the second one is closed at 10:00, an hour after the first notice.
package enum TicketPlanner {
    package static func plan(_ observed: ObservedTickets, now: Date) -> TicketPlan {
        var draft = TicketDraft(observed, now: now)
        draft.decide()
        return draft.finished()
    }
}

/// A plan in the making.
private struct TicketDraft {
    private struct Trouble {
        let reason: String
        let message: String
    }

    let observed: ObservedTickets
    let now: Date
    private let trigger: ReportTrigger?
    /// Whether what it says of its firings holds now.
    private let isCertain: Bool
    private let alerts: [ReportTriggerStatus.Alert]
    private var entries: [TicketEntry] = []
    private var trouble: (first: Trouble, others: Int)?
    private(set) var plan = TicketPlan()

    init(_ observed: ObservedTickets, now: Date) {
        self.observed = observed
        self.now = now
        switch observed.trigger {
        case .seen(let trigger): (self.trigger, isCertain) = (trigger, trigger.metadata.isDeleting)
        case .asked(let trigger): (self.trigger, isCertain) = (trigger, true)
        }
        // Of one that goes no firing counts any more.
        alerts = trigger?.metadata.isDeleting == true ? [] : trigger?.status?.alerts ?? []
    }

    private var spec: ReportTriggerSpec? { trigger?.spec.value }

    private var wanted: ReportTriggerSpec.Ticket? { trigger?.metadata.isDeleting == true ? nil : spec?.ticket }

    mutating func decide() {
        guard case .found(let ledger) = observed.ledger else {
            if case .unknown(let words) = observed.ledger, !words.isEmpty {
                note(Reason.storeUnavailable, "no ticket is opened or closed: \(words)")
            }
            return plan.isImpatient = true
        }
        entries = ledger.readable.sorted { ($0.since, $0.id) < ($1.since, $1.id) }
        if let first = ledger.unreadable.sorted(by: { $0.key < $1.key }).first {
            note(
                Reason.ledgerUnreadable,
                "the document \"\(first.key.head(bytes: 128))\" of MongoDB's report_tickets can't be read: \(first.value); "
                    + "its ticket is left as it is: mend the field, or delete the document where you know that there is no ticket"
            )
        }
        // Whether or not an alert fires: so that it is mended before one does.
        var mayOpen = false
        if let wanted { mayOpen = isOpenTo(wanted.channel) }
        for entry in entries { advance(entry) }
        guard mayOpen, let wanted else { return }
        let known = Dictionary(entries.map { ($0.id, $0) }) { first, _ in first }
        for alert in alerts.sorted(by: { ($0.since, $0.fingerprint) < ($1.since, $1.fingerprint) }) {
            guard let trigger, case let id = TicketRule.id(trigger: trigger.metadata.uid, alert),
                ledger.unreadable[id] == nil, known[id].map(Self.isOver) ?? true
            else { continue }
            open(alert, id, wanted, trigger, after: known[id])
        }
    }

    /// Closed, or refused to be closed, such as by a system where somebody has closed it by hand.
    private static func isOver(_ entry: TicketEntry) -> Bool {
        entry.state == .closed
            || entry.state == .failed && entry.openedAt != nil && entry.reason == Reason.ticketRefused
    }

    // MARK: Firings

    /// When the alert counts as ended, if nothing more is reported of it.
    private static func staleAt(_ alert: ReportTriggerStatus.Alert, _ spec: ReportTriggerSpec) -> Date {
        alert.lastNotice.adding(spec.staleSeconds).date
    }

    /// When its alert ended; nil while it is to stay open.
    private mutating func end(of entry: TicketEntry) -> Date? {
        guard let trigger, !trigger.metadata.isDeleting else { return now }
        guard let alert = alert(of: entry, in: trigger) else { return certain(now) }
        guard let spec else { return nil }
        let end = alert.endedAt?.date ?? Self.staleAt(alert, spec)
        let over = entry.round == nil ? end : max(end, alert.since.adding(spec.cooldownSeconds).date)
        guard over <= now else {
            plan.wake(at: over)
            return nil
        }
        return certain(end)
    }

    /// A watch that is behind doesn't know of an alert that has come, or has been taken up again.
    private mutating func certain(_ end: Date) -> Date? {
        if isCertain { return end }
        plan.mustAsk = true
        return nil
    }

    private func alert(of entry: TicketEntry, in trigger: ReportTrigger) -> ReportTriggerStatus.Alert? {
        alerts.first { TicketRule.id(trigger: trigger.metadata.uid, $0).isSame(as: entry.id) }
    }

    // MARK: Tickets

    /// `closed`: the firing's ticket that is closed, if it had one.
    private mutating func open(
        _ alert: ReportTriggerStatus.Alert, _ id: String, _ wanted: ReportTriggerSpec.Ticket, _ trigger: ReportTrigger,
        after closed: TicketEntry?
    ) {
        guard let spec, alert.endedAt == nil, now < Self.staleAt(alert, spec) else { return }
        guard !observed.inFlight.contains(id) else { return }
        // A watch that is behind doesn't know of the end for which it was closed.
        guard closed == nil || isCertain else { return plan.mustAsk = true }
        // The namespace is met a moment later than what is in it.
        guard observed.namespaceLabels != nil else { return plan.isImpatient = true }
        let metadata = trigger.metadata
        switch observed.home {
        case .missing: return
        case .unknown(let words):
            if !words.isEmpty { note(Reason.ticketDelayed, words) }
            plan.isImpatient = true
        case .found(let origin):
            var entry = TicketEntry(
                triggerUID: metadata.uid, namespace: metadata.namespace, trigger: metadata.name,
                fingerprint: alert.fingerprint, since: alert.since.date, channel: wanted.channel, id: id, at: now)
            entry.origin = origin
            if let closed { entry.follow(closed) }
            keep(alert, in: &entry, spec)
            plan.actions.append(.send(TicketRule.claimed(entry, heldUntil: nil, now: now), before: closed))
        }
    }

    /// What is known of an alert's labels now; those that it matched by have one value.
    private func keep(_ alert: ReportTriggerStatus.Alert, in entry: inout TicketEntry, _ spec: ReportTriggerSpec) {
        let labels = (entry.labels ?? spec.match.labels).merging(alert.labels ?? [:]) { $1 }
        let annotations = (entry.annotations ?? [:]).merging(alert.annotations ?? [:]) { $1 }
        entry.labels = labels.isEmpty ? nil : labels
        entry.annotations = annotations.isEmpty ? nil : annotations
    }

    /// The next step of one that there is.
    private mutating func advance(_ entry: TicketEntry) {
        switch entry.state {
        case .closed: return
        case .failed: return tell(entry)
        case .opening, .closing: attempt(entry, over: entry)
        case .open:
            guard let end = end(of: entry) else { return }
            var closing = entry
            closing.state = .closing
            closing.endedAt = end
            closing.detail = nil
            if let trigger, let spec, let alert = alert(of: entry, in: trigger) { keep(alert, in: &closing, spec) }
            attempt(closing, over: entry)
        }
    }

    private mutating func attempt(_ entry: TicketEntry, over before: TicketEntry) {
        // What is sent here tells of itself.
        guard !observed.inFlight.contains(entry.id) else { return }
        var entry = entry
        var held: Date?
        if before.holder != nil {
            let deadline = before.deadline ?? before.at.addingTimeInterval(DeliveryPlanner.longestClaim)
            guard deadline <= now else { return plan.wake(at: deadline) }
            // Its claim is over without a word of what came of it.
            held = deadline
            entry.uncertain = (entry.uncertain ?? 0) + 1
        }
        guard let (channel, template) = channel(entry.channel) else { return }
        let limit = (channel.retryFor ?? ReportDuration(ReportChannelSpec.defaultRetryFor))?.seconds ?? 86_400
        if entry.triedFor ?? 0 >= limit {
            let tries = entry.tries == 1 ? "1 try" : "\(entry.tries) tries"
            return end(
                entry, over: before, Reason.gaveUp,
                "gave up after \(tries): \(entry.detail ?? "the answer was lost")")
        }
        if entry.state == .opening {
            guard let labels = observed.namespaceLabels else { return plan.isImpatient = true }
            guard DeliveryCheck.admits(namespaceLabels: labels, by: channel) else {
                return end(
                    entry, over: before, Reason.namespaceNotAllowed, notAdmitted(entry.channel, entry.namespace))
            }
        } else if template.needsID, entry.ticketID == nil {
            return end(
                entry, over: before, Reason.ticketRefused,
                "the answer to open had no id that webhook.ticket.id of channel \(entry.channel) leads to, and it can't be "
                    + "closed without; close it by hand, and mend that field")
        }
        if entry.tries > 0, held == nil, TicketRule.due(entry) > now {
            plan.wake(at: TicketRule.due(entry))
            return note(
                Reason.ticketDelayed,
                "the ticket of alert \(entry.fingerprint) is not \(entry.state == .closing ? "closed" : "opened") yet: "
                    + "\(entry.detail ?? "the answer was lost"); next try at \(Timestamp(TicketRule.due(entry)))")
        }
        guard isUsable(entry.channel) else { return }
        plan.actions.append(.send(TicketRule.claimed(entry, heldUntil: held, now: now), before: before))
    }

    private mutating func end(_ entry: TicketEntry, over before: TicketEntry, _ reason: String, _ words: String) {
        var ended = TicketRule.ended(entry, reason, words, now: now)
        ended.epoch += 1
        plan.actions.append(.end(ended, before: before))
    }

    /// Tells of one that has failed, for a day, or until another one has gone well.
    private mutating func tell(_ entry: TicketEntry) {
        let end = entry.at.addingTimeInterval(ObservedTickets.memory)
        let isPast = entries.contains { other in
            [other.openedAt, other.closedAt].contains { $0.map { $0 > entry.at } ?? false }
        }
        guard now < end, !isPast else { return }
        plan.wake(at: end)
        note(
            entry.reason ?? Reason.ticketRefused,
            "the ticket of alert \(entry.fingerprint) was not \(entry.openedAt == nil ? "opened" : "closed"): "
                + "\(entry.detail ?? "")")
    }

    // MARK: Channels

    /// Nil where there is none that takes tickets, of which is told.
    private mutating func channel(_ name: String) -> (ReportChannelSpec, TicketTemplate)? {
        guard let channel = observed.channels[name] else {
            note(
                Reason.channelNotFound,
                "there is no channel \"\(name)\" in the namespace \(observed.courierNamespace); kubectl get rch "
                    + "-n \(observed.courierNamespace) shows those that there are")
            return nil
        }
        guard let spec = channel.spec else {
            note(Reason.channelNotReady, "channel \(name) is not written as it should be; see its status")
            return nil
        }
        do throws(TicketTemplate.Faults) {
            if let webhook = spec.webhook, let template = try TicketTemplate(webhook) { return (spec, template) }
        } catch {
            note(
                Reason.channelNotReady,
                "channel \(name): "
                    + error.list.map { "spec.webhook.ticket.\($0.place): \($0.message)" }.joined(separator: "; "))
            return nil
        }
        note(
            Reason.channelTakesNoTickets,
            "channel \(name) takes no tickets: it must be of type Webhook and have spec.webhook.ticket")
        return nil
    }

    /// Whether tickets of the trigger's namespace may be opened through it now.
    private mutating func isOpenTo(_ name: String) -> Bool {
        guard let (channel, _) = channel(name), let trigger else { return false }
        if let labels = observed.namespaceLabels, !DeliveryCheck.admits(namespaceLabels: labels, by: channel) {
            note(Reason.namespaceNotAllowed, notAdmitted(name, trigger.metadata.namespace))
            return false
        }
        return isUsable(name)
    }

    private mutating func isUsable(_ name: String) -> Bool {
        switch observed.channels[name]?.standing {
        case .works: return true
        // Its trial is under way, and wakes this one.
        case .untried, nil: return false
        case .broken(let words):
            note(Reason.channelNotReady, "channel \(name) doesn't work: \(words)")
            return false
        }
    }

    private func notAdmitted(_ channel: String, _ namespace: String) -> String {
        "channel \(channel) doesn't take tickets of the namespace \(namespace); ask whoever runs the cluster to give the "
            + "namespace the labels of the channel's allowedNamespaces"
    }

    // MARK: Status

    private mutating func note(_ reason: String, _ message: String) {
        if trouble != nil {
            trouble?.others += 1
            return
        }
        trouble = (Trouble(reason: reason, message: message), 0)
    }

    consuming func finished() -> TicketPlan {
        guard let trigger, !trigger.metadata.isDeleting else { return plan }
        var status = trigger.status ?? ReportTriggerStatus()
        let others = (status.conditions ?? []).filter { $0.type != ReportTriggerStatus.ticketsCondition }
        let isKnown = if case .found = observed.ledger { true } else { false }
        guard wanted != nil || entries.contains(where: { !$0.state.isTerminal }) || !isKnown else {
            status.openTickets = nil
            status.conditions = others.isEmpty ? nil : others
            if status != trigger.status ?? ReportTriggerStatus() { plan.status = status }
            return plan
        }
        if isKnown { status.openTickets = entries.count { $0.state == .open || $0.state == .closing } }
        let before = status.ticketsReady
        let condition = condition(before, trigger)
        if condition != before {
            // In its place: the operator, too, leaves those of others where they are.
            if let index = status.conditions?.firstIndex(where: { $0.type == condition.type }) {
                status.conditions?[index] = condition
            } else {
                status.conditions = [condition] + others
            }
        }
        if status != trigger.status ?? ReportTriggerStatus() { plan.status = status }
        return plan
    }

    private func condition(_ before: Condition?, _ trigger: ReportTrigger) -> Condition {
        let value: (status: String, reason: String, message: String)
        if let trouble {
            let more = trouble.others > 0 ? "; the same or the like holds for \(trouble.others) more" : ""
            value = ("False", trouble.first.reason, trouble.first.message + more)
        } else if let wanted {
            value = (
                "True", Reason.ticketsSent,
                "a ticket is opened through channel \(wanted.channel) of each alert that matches"
            )
        } else {
            value = ("True", Reason.ticketsSent, "open tickets are closed when their alerts have ended")
        }
        let isSame = before?.status == value.status
        return Condition(
            type: ReportTriggerStatus.ticketsCondition, status: value.status, reason: value.reason,
            message: value.message.head(bytes: 4096),
            lastTransitionTime: isSame ? before?.lastTransitionTime : Timestamp(now),
            observedGeneration: trigger.metadata.generation)
    }
}
