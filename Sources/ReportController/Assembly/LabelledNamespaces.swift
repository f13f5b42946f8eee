import ControllerRuntime
import KubernetesClient
import KubernetesModel
import Logging
import PrometheusMetrics
import ServiceLifecycle

/// The namespaces that the API server selects by their labels. No others are read or kept, and a watch reports changes, so
/// nothing has to be asked about a namespace.
struct LabelledNamespaces: Sendable {
    let selector: String
    let store: Store<Namespace>

    /// `name`: of what they are for, in the log and in metrics.
    init(_ selector: String, name: String) {
        self.selector = selector
        store = Store(name: name)
    }

    /// Whether a namespace is among them; nil while that isn't known.
    func contains(_ namespace: String) -> Bool? {
        guard store.hasSynced else { return nil }
        return store.get(ObjectKey(namespace: "", name: namespace)) != nil
    }

    /// What fills the store.
    func watch(_ client: KubernetesClient, metrics: MetricsRegistry = MetricsRegistry(), logger: Logger) -> any Service
    {
        Reflector(
            store: store, source: ClientListerWatcher(client: client, labelSelector: selector), name: store.name,
            logger: logger, metrics: metrics)
    }
}
