import ControllerRuntime
import KubernetesClient
import KubernetesModel

/// Lists and watches the CronJobs of all schedules, in the version that the server has.
struct CronJobSource: ListerWatcher {
    let client: KubernetesClient
    let api: CronJobAPI
    let namespace: String?
    let selector: String

    private var source: ClientListerWatcher<CronJob> {
        ClientListerWatcher(kind: api.kind, client: client, namespace: namespace, labelSelector: selector)
    }

    var serverReturn: ServerReturn? { client.serverReturn }

    func list(_ request: ListRequest) async throws(KubernetesError) -> ListPage<CronJob> {
        switch request.version {
        case .newest, .notOlderThan: try await api.discover(client)
        case .next: break
        }
        return try await source.list(request)
    }

    func currentVersion() async throws(KubernetesError) -> String {
        try await api.discover(client)
        return try await source.currentVersion()
    }

    func watch(_ request: WatchRequest) async throws(KubernetesError) -> WatchStream<CronJob> {
        try await api.discoverAgain(client)
        return try await source.watch(request)
    }
}
