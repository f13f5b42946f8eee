import AsyncSupport
import ControllerRuntime
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ServiceLifecycle

/// A store that others wait for until it is filled, or until the API server has said that it has no such objects or doesn't
/// show them: what rests on it can do without.
struct PatientStore<R: KubernetesResource>: SyncedStore {
    let store: Store<R>
    private let refused = Gate()

    init(_ store: Store<R>) { self.store = store }

    var name: String { store.name }

    var hasSynced: Bool { store.hasSynced || refused.isOpen }

    func waitUntilSynced() async throws {
        guard !hasSynced else { return }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await store.waitUntilSynced() }
            group.addTask { try await refused.wait() }
            try await group.next()
            group.cancelAll()
        }
    }

    /// What fills it.
    func watch(
        _ source: some ListerWatcher<R>, metrics: MetricsRegistry, logger: Logger
    ) -> any Service {
        Reflector(
            store: store, source: TellingSource(source: source, refused: refused), name: store.name, logger: logger,
            metrics: metrics)
    }
}

/// Tells when the API server refuses to list. That it is busy or away passes.
private struct TellingSource<Source: ListerWatcher>: ListerWatcher {
    let source: Source
    let refused: Gate

    var serverReturn: ServerReturn? { source.serverReturn }

    func list(_ request: ListRequest) async throws(KubernetesError) -> ListPage<Source.Resource> {
        do throws(KubernetesError) {
            return try await source.list(request)
        } catch {
            if let code = error.code, (400..<500).contains(code), code != 429 { refused.open() }
            throw error
        }
    }

    func watch(_ request: WatchRequest) async throws(KubernetesError) -> Source.Events {
        try await source.watch(request)
    }
}
