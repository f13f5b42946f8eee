package import DeliveryPlanning
package import KubernetesModel
package import ReportAPI

/// What is kept of a trigger's alerts, and what becomes of it by a notice. Pure.
///
/// It changes at a firing's beginning, at its end, and when the last notice that is kept is older than `cooldown`: however many
/// notices come, no more is to be written than that.
package struct AlertBook: Sendable {
    /// Bytes of one label's value, and of one annotation's.
    package static let (maximumLabel, maximumAnnotation) = (1024, 4096)
    /// Bytes of fingerprints, labels and annotations together: the API server bounds an object.
    package static let maximumBytes = 256 << 10

    /// By fingerprint, the oldest first.
    package private(set) var alerts: [ReportTriggerStatus.Alert]
    /// Whether it is other than it was.
    package private(set) var isChanged = false
    /// Firings that there was no room for.
    package private(set) var turnedAway = 0
    private let template: TriggerTemplate
    /// What is kept of an alert's labels and annotations.
    private let sources: Set<AlertText.Source>

    /// `ticket`: what the trigger's tickets are made of.
    package init(
        _ alerts: [ReportTriggerStatus.Alert], _ template: TriggerTemplate, ticket: TicketTemplate? = nil
    ) {
        self.alerts = alerts
        self.template = template
        sources =
            template.sources.union((ticket?.labels ?? []).map(AlertText.Source.label))
            .union((ticket?.annotations ?? []).map(AlertText.Source.annotation))
    }

    /// Takes what matches.
    package mutating func take(_ notices: [AlertNotice], now: Timestamp) {
        for notice in notices where template.matches(notice.labels) { take(notice, now: now) }
    }

    private mutating func take(_ notice: AlertNotice, now: Timestamp) {
        guard let index = alerts.firstIndex(where: { $0.fingerprint.isSame(as: notice.fingerprint) }) else {
            if notice.isFiring { add(notice, now: now) }
            return
        }
        var alert = alerts[index]
        guard notice.isFiring else {
            guard alert.endedAt == nil else { return }
            alert.endedAt = now
            return put(alert, at: index)
        }
        if Self.fires(alert, template, now: now) {
            guard now >= alert.lastNotice.adding(template.cooldown) || lacksSource(alert, notice) else { return }
            alert.lastNotice = max(alert.lastNotice, now)
        } else if now < alert.since.adding(template.cooldown) {
            // It has only paused.
            (alert.lastNotice, alert.endedAt) = (max(alert.lastNotice, now), nil)
        } else {
            alert = ReportTriggerStatus.Alert(fingerprint: alert.fingerprint, since: now, lastNotice: now)
        }
        fill(&alert, notice)
        put(alert, at: index)
    }

    private mutating func put(_ alert: ReportTriggerStatus.Alert, at index: Int) {
        alerts[index] = alert
        isChanged = true
    }

    private mutating func add(_ notice: AlertNotice, now: Timestamp) {
        var alert = ReportTriggerStatus.Alert(fingerprint: notice.fingerprint, since: now, lastNotice: now)
        fill(&alert, notice)
        while !hasRoom(for: alert) {
            // What cooldown still counts for has to stay.
            let over = alerts.indices.filter { Self.isOver(alerts[$0], template, now: now) }
            guard let oldest = over.min(by: { alerts[$0].lastNotice < alerts[$1].lastNotice }) else {
                turnedAway += 1
                return
            }
            alerts.remove(at: oldest)
            isChanged = true
        }
        alerts.append(alert)
        isChanged = true
    }

    private func hasRoom(for alert: ReportTriggerStatus.Alert) -> Bool {
        Self.haveRoom(alerts, forBytes: Self.bytes(alert))
    }

    private static func haveRoom(_ alerts: [ReportTriggerStatus.Alert], forBytes bytes: Int) -> Bool {
        alerts.count < ReportTriggerStatus.maximumAlerts
            && alerts.reduce(bytes) { $0 + Self.bytes($1) } <= maximumBytes
    }

    /// Whether there is no room for another one as long as the longest of them.
    package static func isFull(_ alerts: [ReportTriggerStatus.Alert]) -> Bool {
        !haveRoom(alerts, forBytes: alerts.map(bytes).max() ?? 0)
    }

    private static func bytes(_ alert: ReportTriggerStatus.Alert) -> Int {
        [alert.labels, alert.annotations].compactMap(\.self).joined()
            .reduce(alert.fingerprint.utf8.count) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    }

    // MARK: Labels and annotations

    /// Keeps of them what the template and the ticket ask for.
    private func fill(_ alert: inout ReportTriggerStatus.Alert, _ notice: AlertNotice) {
        var (labels, annotations): ([String: String], [String: String]) = ([:], [:])
        for source in sources {
            switch source {
            case .label(let name): labels[name] = notice.labels[name]?.head(bytes: Self.maximumLabel)
            case .annotation(let name):
                annotations[name] = notice.annotations[name]?.head(bytes: Self.maximumAnnotation)
            }
        }
        alert.labels = labels.isEmpty ? nil : labels
        alert.annotations = annotations.isEmpty ? nil : annotations
    }

    /// Whether they ask for what isn't kept yet, and the notice has it: as after an edit.
    private func lacksSource(_ alert: ReportTriggerStatus.Alert, _ notice: AlertNotice) -> Bool {
        sources.contains { source in
            guard source.value(in: alert) == nil else { return false }
            switch source {
            case .label(let name): return notice.labels[name] != nil
            case .annotation(let name): return notice.annotations[name] != nil
            }
        }
    }

    // MARK: States

    /// Whether it still fires: its end wasn't reported, and its last notice is younger than `staleAfter`.
    static func fires(_ alert: ReportTriggerStatus.Alert, _ template: TriggerTemplate, now: Timestamp) -> Bool {
        alert.endedAt == nil && now < alert.lastNotice.adding(template.staleAfter)
    }

    /// Whether it neither fires nor keeps the next firing from counting.
    static func isOver(_ alert: ReportTriggerStatus.Alert, _ template: TriggerTemplate, now: Timestamp) -> Bool {
        !fires(alert, template, now: now) && now >= alert.since.adding(template.cooldown)
    }
}

/// What is reported of one alert.
package struct AlertNotice: Hashable, Sendable {
    package var fingerprint: String
    /// Else it has ended.
    package var isFiring: Bool
    package var labels: [String: String]
    package var annotations: [String: String]

    package init(
        fingerprint: String, isFiring: Bool = true, labels: [String: String] = [:], annotations: [String: String] = [:]
    ) {
        self.fingerprint = fingerprint
        self.isFiring = isFiring
        self.labels = labels
        self.annotations = annotations
    }
}
