import DeliveryPlanning
import KubernetesModel
package import ReportAPI

/// One delivery that a run makes at its end. It has no owner: what was sent outlives the request for a while.
package struct RunDelivery: Encodable, Hashable, Sendable {
    package struct Metadata: Encodable, Hashable, Sendable {
        package let name: String
        package let namespace: String
        package let labels: [String: String]
    }

    package let apiVersion = ReportDelivery.resourceKind.apiVersion
    package let kind = ReportDelivery.resourceKind.kind
    package let metadata: Metadata
    package let spec: ReportDeliverySpec
    let place: Int

    package var name: String { metadata.name }

    private enum CodingKeys: String, CodingKey { case apiVersion, kind, metadata, spec }

    /// `place`: the entry's in the run's list; with `isNotice` that of the one whose failure it tells of.
    package init(
        of request: ReportRequest, attempt: Int, place: Int, isNotice: Bool = false, entry: DeliverSpec
    ) {
        let identity = OperatorDelivery(
            reportID: request.metadata.uid, attempt: attempt, place: place, isNotice: isNotice)
        self.place = place
        let common = [
            ReportsAPI.Label.managedBy: ReportsAPI.manager,
            // One that came back would be another object, and nobody has asked for it.
            ReportsAPI.Label.excludeFromBackup: "true",
            ReportsAPI.Label.request: ObjectNames.label(request.metadata.name),
        ]
        metadata = Metadata(
            name: ObjectNames.delivery(of: request.metadata, identity), namespace: request.metadata.namespace,
            labels: identity.labels.merging(common) { own, _ in own })
        spec = ReportDeliverySpec(reportID: request.metadata.uid, attempt: attempt, entry: entry)
    }
}
