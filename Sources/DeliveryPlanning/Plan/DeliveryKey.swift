import KubernetesModel
package import ReportAPI

/// What the ledger knows a delivery by.
package enum DeliveryKey {
    /// Of one that the operator made, the run and the place in its list: whatever becomes of the resource, it is sent once. Of
    /// a person's its uid: who makes another one sends again.
    package static func of(_ delivery: ReportDelivery) -> String {
        guard let own = OperatorDelivery(delivery) else { return delivery.metadata.uid }
        return "\(own.reportID)/\(own.attempt)/\(own.place)"
    }
}
