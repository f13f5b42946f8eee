import KubernetesModel
package import ReportAPI

/// A delivery that the operator made when a run ended: which run's, and which entry's of its list.
package struct OperatorDelivery: Hashable, Sendable {
    package var reportID: String
    /// Of the run.
    package var attempt: Int
    /// In the list that was pinned.
    package var place: Int
    /// Whether it tells the requester that the one in that place has failed for good.
    package var isNotice: Bool

    package init(reportID: String, attempt: Int, place: Int, isNotice: Bool = false) {
        self.reportID = reportID
        self.attempt = attempt
        self.place = place
        self.isNotice = isNotice
    }

    /// What a delivery says that it is, where its name says so too; nil for a person's.
    package init?(_ delivery: ReportDelivery) {
        let labels = delivery.metadata.labels
        guard let reportID = labels[ReportsAPI.Label.requestUID], reportID == delivery.spec.value?.reportID,
            let attempt = labels[ReportsAPI.Label.attempt].flatMap({ Int($0) }),
            let place = labels[ReportsAPI.Label.place].flatMap({ Int($0) })
        else { return nil }
        self.init(
            reportID: reportID, attempt: attempt, place: place, isNotice: labels[ReportsAPI.Label.notice] != nil)
        guard delivery.metadata.name.hasSuffix("-\(fingerprint)") else { return nil }
    }

    /// The end of its name: a function of what it is for.
    package var fingerprint: String {
        Fingerprint.of(reportID, isNotice ? "notice" : "delivery", String(attempt), String(place))
    }

    /// What the operator's asks for, of a run with that list and that way to tell of failures; nil where there is no such
    /// place, or no such way.
    ///
    /// `said`: what a notice says is the operator's to choose.
    package func spec(from list: [DeliverSpec], notice: DeliverSpec?, said: ReportDeliverySpec) -> ReportDeliverySpec? {
        guard list.indices.contains(place) else { return nil }
        guard isNotice else { return ReportDeliverySpec(reportID: reportID, attempt: attempt, entry: list[place]) }
        guard var notice else { return nil }
        notice.subject = said.subject
        notice.text = said.text
        return ReportDeliverySpec(reportID: reportID, attempt: attempt, entry: notice)
    }

    package var labels: [String: String] {
        var labels = [
            ReportsAPI.Label.requestUID: reportID, ReportsAPI.Label.attempt: String(attempt),
            ReportsAPI.Label.place: String(place),
        ]
        if isNotice { labels[ReportsAPI.Label.notice] = Reason.deliveryFailed }
        return labels
    }
}
