package import KubernetesModel
import ReportAPI

/// The Kubernetes event about another operator that acts for the same namespace.
package enum OtherOperatorEvent {
    /// The event's manifest, about a request that both would work on. `own` reports it, of `other`.
    package static func manifest(
        of request: ObjectMeta, own: String, other: String, component: String, at now: Timestamp
    ) -> JSONValue {
        ObjectEvent.manifest(
            of: .init(ReportRequest.resourceKind, request), type: "Warning", reason: "OtherOperator",
            message: text(own: own, other: other, namespace: request.namespace), component: component, at: now,
            fingerprint: Fingerprint.of(request.uid, "OtherOperator", own, other))
    }

    /// For people.
    package static func text(own: String, other: String, namespace: String) -> String {
        "two operators act for namespace \(namespace), \(own) and \(other) (each by its Lease, if it has one): records "
            + "may go to the MongoDB of either, and shared locks to the Redis of either; remove one of the two"
    }
}
