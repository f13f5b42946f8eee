import ControllerRuntime
import KubernetesClient
import KubernetesModel
import Logging
import ReportAPI
import ReportRecords

/// Where requests were made, for their records and events. What can't be found out is left out; nothing waits for it.
struct RecordOrigins: Sendable {
    private let finder: NamespaceFinder
    private let clusterName: String?

    init(client: KubernetesClient, clusterName: String?, logger: Logger) {
        finder = NamespaceFinder(client: client, logger: logger)
        self.clusterName = clusterName
    }

    /// By the requests' uids.
    func origins(of requests: [ReportRequest]) async -> [String: RecordOrigin] {
        let cluster = await finder.cluster()
        return await finder.homes(of: requests.map(\.metadata)).mapValues { finding in
            var origin = RecordOrigin(cluster: cluster, clusterName: clusterName)
            if case .found(let home) = finding { origin.namespaceUID = home.uid }
            return origin
        }
    }
}
