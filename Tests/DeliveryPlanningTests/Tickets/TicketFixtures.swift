import FoundationEssentials
import KubernetesModel
import ReportAPI
import ReportRecords

@testable import DeliveryPlanning

extension ReportChannelSpec {
    /// A system of tickets with ids of its own.
    static func tickets(_ change: (inout Webhook.Ticket) -> Void = { _ in }) -> ReportChannelSpec {
        var spec = sound(.webhook)
        var ticket = Webhook.Ticket(
            open: .init(body: [
                "title": .string("{label:machine} has stopped"), "dedup": .string("{key}"),
                "more": .array([.object(["text": .string("{annotation:summary}")]), .integer(3)]),
            ]),
            close: .init(
                method: .patch, url: "https://hooks.example.com/tickets/{id}",
                body: ["state": .string("closed"), "at": .string("{endedAt}")]),
            id: "/data/id")
        change(&ticket)
        spec.webhook?.ticket = ticket
        return spec
    }
}

extension ReportTriggerStatus.Alert {
    static func ticketed(
        _ fingerprint: String = "a1", since: Double = 0, heard: Double = 0, ended: Double? = nil
    ) -> ReportTriggerStatus.Alert {
        .init(
            fingerprint: fingerprint, since: Timestamp(Date.start.after(since)),
            lastNotice: Timestamp(Date.start.after(heard)), endedAt: ended.map { Timestamp(Date.start.after($0)) },
            labels: ["machine": "press-4"])
    }
}

extension ReportTrigger {
    /// Firings pause for ten minutes, and are over an hour after the last notice.
    static func ticketed(_ alerts: ReportTriggerStatus.Alert..., channel: String? = "tickets") -> ReportTrigger {
        var status = ReportTriggerStatus()
        status.alerts = alerts
        return ReportTrigger(
            metadata: ObjectMeta(
                name: "stops", namespace: "plant", uid: "u-1", resourceVersion: "1", generation: 1,
                creationTimestamp: Timestamp(.start)),
            spec: ReportTriggerSpec(
                match: .init(labels: ["alertname": "Stopped"]), request: .init(pipelineRef: .init(name: "mttr")),
                cooldown: ReportDuration("10m"), staleAfter: ReportDuration("60m"),
                ticket: channel.map { .init(channel: $0) }, tokenSHA256: String(repeating: "0", count: 64)),
            status: status)
    }
}

extension ObservedTickets {
    static func fixture(
        _ trigger: ReportTrigger?, _ entries: TicketEntry..., isAsked: Bool = false
    ) -> ObservedTickets {
        var observed = ObservedTickets(
            trigger: isAsked ? .asked(trigger) : trigger.map(Trigger.seen) ?? .asked(nil),
            courierNamespace: "report-operator")
        observed.channels = ["tickets": .init(spec: .tickets(), standing: .works)]
        observed.namespaceLabels = [:]
        observed.home = .found(RecordOrigin(cluster: "c1"))
        observed.ledger = .found(TicketEntries(readable: entries))
        return observed
    }

    func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    func channel(_ spec: ReportChannelSpec?, _ standing: ObservedDelivery.Standing = .works) -> Self {
        with { $0.channels["tickets"] = .init(spec: spec, standing: standing) }
    }
}

extension TicketEntry {
    /// Of the fixture's alert.
    static func fixture(_ state: State, _ change: (inout TicketEntry) -> Void = { _ in }) -> TicketEntry {
        var entry = TicketEntry(
            triggerUID: "u-1", namespace: "plant", trigger: "stops", fingerprint: "a1", since: .start,
            channel: "tickets", id: TicketRule.id(trigger: "u-1", .ticketed()), at: .start)
        entry.labels = ["machine": "press-4"]
        entry.state = state
        entry.epoch = 1
        if state == .open || state == .closing || state == .closed {
            entry.openedAt = .start
            entry.ticketID = "T 7"
        }
        change(&entry)
        return entry
    }
}
