import KubernetesModel
package import ReportAPI
import ReportRecords

/// What the ledger knows a delivery by.
package enum DeliveryKey {
    /// On a delivery, from its first claim on: the uid with which it was taken up. One that comes back, from a backup or an
    /// exported manifest, has another. A label, since annotations aren't in the caches.
    package static let acceptedUID = ReportsAPI.Annotation.acceptedUID

    /// Whether it is a copy of one that was taken up before.
    package static func isRestored(_ delivery: ReportDelivery) -> Bool {
        delivery.metadata.labels[acceptedUID].map { $0 != delivery.metadata.uid } ?? false
    }

    /// Of one that the operator made, the run and the place in its list: whatever becomes of the resource, it is sent once. Of
    /// a person's its uid: who makes another one sends again.
    package static func of(_ delivery: ReportDelivery) -> String {
        guard let own = OperatorDelivery(delivery) else { return delivery.metadata.uid }
        return "\(own.reportID)/\(own.attempt)/\(own.place)\(own.isNotice ? DeliveryCopy.noticeSuffix : "")"
    }
}
