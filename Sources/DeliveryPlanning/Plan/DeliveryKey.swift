import KubernetesModel
package import ReportAPI

/// What the ledger knows a delivery by.
package enum DeliveryKey {
    /// Of a person's delivery its uid: who makes another one sends again. One of the operator's is known by what it is for,
    /// so that one that is made again, as after a restored backup, sends nothing twice.
    package static func of(_ delivery: ReportDelivery) -> String {
        guard let made = OperatorDelivery(delivery) else { return delivery.metadata.uid }
        return "\(made.reportID)/\(made.attempt)/\(made.place)"
    }
}
