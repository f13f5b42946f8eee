import KubernetesModel
package import ReportAPI

/// What the ledger knows a delivery by.
package enum DeliveryKey {
    /// Of a person's delivery its uid: who makes another one sends again.
    package static func of(_ delivery: ReportDelivery) -> String { delivery.metadata.uid }
}
