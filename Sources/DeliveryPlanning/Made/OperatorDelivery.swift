import KubernetesModel
package import ReportAPI

/// A delivery that the operator made when a run ended: which run's, and which entry's of its list.
package struct OperatorDelivery: Hashable, Sendable {
    package var reportID: String
    /// Of the run.
    package var attempt: Int
    /// In the list that was pinned.
    package var place: Int

    package init(reportID: String, attempt: Int, place: Int) {
        self.reportID = reportID
        self.attempt = attempt
        self.place = place
    }

    /// What a delivery says that it is, where its name says so too; nil for a person's.
    package init?(_ delivery: ReportDelivery) {
        let labels = delivery.metadata.labels
        guard let reportID = labels[ReportsAPI.Label.requestUID], reportID == delivery.spec.value?.reportID,
            let attempt = labels[ReportsAPI.Label.attempt].flatMap({ Int($0) }),
            let place = labels[ReportsAPI.Label.place].flatMap({ Int($0) })
        else { return nil }
        self.init(reportID: reportID, attempt: attempt, place: place)
        guard delivery.metadata.name.hasSuffix("-\(fingerprint)") else { return nil }
    }

    /// The end of its name: a function of the three.
    package var fingerprint: String { Fingerprint.of(reportID, "delivery", String(attempt), String(place)) }

    /// What the operator's asks for, of a run with that list; nil where the list has no such place.
    package func spec(from list: [DeliverSpec]) -> ReportDeliverySpec? {
        guard list.indices.contains(place) else { return nil }
        return ReportDeliverySpec(reportID: reportID, attempt: attempt, entry: list[place])
    }

    package var labels: [String: String] {
        [
            ReportsAPI.Label.requestUID: reportID, ReportsAPI.Label.attempt: String(attempt),
            ReportsAPI.Label.place: String(place),
        ]
    }
}
