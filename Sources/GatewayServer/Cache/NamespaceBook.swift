internal import AsyncSupport
internal import ControllerRuntime
internal import KubernetesClient
internal import KubernetesModel
internal import Logging
internal import PrometheusMetrics
internal import ReportRecords
internal import ServiceLifecycle

/// Which namespaces there are now, and of which cluster: what is on record of others that had their names before isn't shown to
/// their people.
struct NamespaceBook: Sendable {
    private enum Source {
        /// All of them, as a watch tells.
        case watched(Store<Namespace>)
        /// One after another, by a gateway for one namespace, which can't watch by a Role; each remembered for a short while.
        case read(KubernetesClient, Remembered<String, Namespace?>)
    }

    private static let clusterNamespace = "kube-system"

    private let source: Source

    /// Of a gateway for all namespaces.
    init(_ store: Store<Namespace>) { source = .watched(store) }

    /// Of a gateway for one namespace.
    init(readingBy client: KubernetesClient) {
        source = .read(client, Remembered(for: AccessReviewer.memory, capacity: 100))
    }

    /// nil where there is none. Throws the `KubernetesError` of an API server that can't be asked, or `OwnRightMissing`.
    func namespace(_ name: String) async throws -> LiveNamespace? {
        switch source {
        case .watched(let store):
            return LiveNamespace(
                store.get(ObjectKey(namespace: "", name: name)),
                cluster: store.get(ObjectKey(namespace: "", name: Self.clusterNamespace))?.metadata.uid)
        case .read(let client, let known):
            // A uid is nobody else's, so the cluster needn't be known; a Role couldn't show it.
            return LiveNamespace(
                try await known.value(name) { try await Self.read(name, client) }, cluster: nil)
        }
    }

    /// Those of these names that there are.
    func namespaces(_ names: Set<String>) async throws -> [LiveNamespace] {
        var found: [LiveNamespace] = []
        for name in names.sorted() {
            if let namespace = try await namespace(name) { found.append(namespace) }
        }
        return found
    }

    /// Whether what is recorded was made in a namespace that there is now.
    func isPresent(_ record: ReportRecord) async throws -> Bool {
        try await namespace(record.namespace)?.isOrigin(of: record) ?? false
    }

    private static func read(_ name: String, _ client: KubernetesClient) async throws -> Namespace? {
        let result = await Result(catching: { () async throws(KubernetesError) in
            try await client.get(Namespace.self, name: name, namespace: nil)
        })
        switch result {
        case .success(let namespace): return namespace
        case .failure(let error) where error.isNotFound: return nil
        case .failure(let error) where error.isForbidden: throw OwnRightMissing(error: error)
        case .failure(let error): throw error
        }
    }
}

extension LiveNamespace {
    fileprivate init?(_ namespace: Namespace?, cluster: String?) {
        guard let metadata = namespace?.metadata, let created = metadata.creationTimestamp else { return nil }
        self.init(name: metadata.name, uid: metadata.uid, createdAt: created.date, cluster: cluster)
    }
}
