import KubernetesClient
import KubernetesModel
public import ReportAPI

extension ReportCluster {
    /// The deliveries of a report, or all of the namespace, the newest first.
    public func deliveries(
        of reportID: String? = nil, namespace: String?
    ) async throws(ClientError) -> [ReportDelivery] {
        // A label could say anything, and fields of a custom resource can't be selected before Kubernetes 1.31.
        let all = try await items(ReportDelivery.self, namespace: namespace)
        return all.filter { delivery in
            reportID.map { delivery.spec.value?.reportID.isSame(as: $0) ?? false } ?? true
        }.sorted { left, right in
            let times = (left.metadata.creationTimestamp?.seconds ?? 0, right.metadata.creationTimestamp?.seconds ?? 0)
            return times.0 == times.1 ? left.key < right.key : times.0 > times.1
        }
    }

    /// A channel of the courier's namespace; nil where there is none of that name.
    public func channel(_ name: String, courierNamespace: String) async throws(ClientError) -> ReportChannel? {
        try await find { client throws(KubernetesError) in
            try await client.get(ReportChannel.self, name: name, namespace: courierNamespace)
        }
    }

    /// The channel that mails to requesters: of two defaults the older counts.
    public func defaultMailChannel(courierNamespace: String) async throws(ClientError) -> ReportChannel? {
        try await items(ReportChannel.self, namespace: courierNamespace)
            .filter { $0.spec.value?.type == .mail && $0.spec.value?.default == true && !$0.metadata.isDeleting }
            .min { left, right in
                let times = (
                    left.metadata.creationTimestamp?.seconds ?? 0, right.metadata.creationTimestamp?.seconds ?? 0
                )
                return times.0 == times.1 ? left.key < right.key : times.0 < times.1
            }
    }
}
