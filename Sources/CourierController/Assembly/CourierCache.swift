package import ControllerRuntime
package import KubernetesModel
package import ReportAPI

/// What the watches have told the courier.
package struct CourierCache: Sendable {
    /// Where channels and their Secrets are.
    package let namespace: String
    package let deliveries: Store<ReportDelivery>
    /// Of every namespace, so that one in the wrong place can be told so.
    package let channels: Store<ReportChannel>
    /// Of the courier's namespace.
    package let secrets: Store<ChannelSecret>
    /// Of all, for their labels; nil where the courier serves one, whose labels it may not read.
    package let namespaces: Store<Namespace>?

    package init(namespace: String, readsNamespaces: Bool = true) {
        self.namespace = namespace
        deliveries = Store(indexers: [
            // What is over asks nothing of its channel any more.
            Index.channel: { delivery in
                guard delivery.status?.phase?.isTerminal != true, let name = delivery.spec.value?.channel else {
                    return []
                }
                return [name]
            },
            Index.namespace: { $0.status?.phase?.isTerminal == true ? [] : [$0.metadata.namespace] },
            Index.phase: { [$0.status?.phase?.rawValue ?? ""] },
        ])
        channels = Store()
        secrets = Store(name: "channel secrets")
        namespaces = readsNamespaces ? Store() : nil
    }

    package var stores: [any SyncedStore] {
        (namespaces.map { [$0] } ?? []) + [secrets, channels, deliveries]
    }

    /// The labels that a channel chooses namespaces by; nil of one that isn't known.
    func labels(of namespace: String) -> [String: String]? {
        // The API server puts it on, and did not always.
        let name = ["kubernetes.io/metadata.name": namespace]
        guard let namespaces else { return name }
        return namespaces.get(ObjectKey(namespace: "", name: namespace))?.metadata.labels.merging(name) { own, _ in own
        }
    }

    /// The channel of that name that may be used.
    func channel(_ name: String) -> ReportChannel? { channels.get(ObjectKey(namespace: namespace, name: name)) }

    func deliveries(through channel: String) -> [ReportDelivery] {
        deliveries.indexed(by: Index.channel, value: channel)
    }

    enum Index {
        static let channel = "channel"
        static let namespace = "namespace"
        static let phase = "phase"
    }
}
