import ReportAPI
import ReportStores

/// Where requests from Redis may be made: in the operator's own `--intake-namespace`, and where a namespace says so by a
/// label. Otherwise anyone who may write to the stream could start every pipeline of the cluster.
struct IntakeReach: Sendable {
    /// What a namespace's label has to say.
    static let selector = "\(ReportsAPI.Label.intake)=allowed"

    let defaultNamespace: String
    /// The one that the operator watches; nil for all. A request elsewhere would never be looked at.
    let watchedNamespace: String?
    /// The namespaces with the label; nil where the operator looks at one alone.
    let labelled: LabelledNamespaces?

    init(defaultNamespace: String, watchedNamespace: String?) {
        self.defaultNamespace = defaultNamespace
        self.watchedNamespace = watchedNamespace
        labelled = watchedNamespace == nil ? LabelledNamespaces(Self.selector, name: "namespaces") : nil
    }

    /// Why a message for a namespace can't become a request; nil if it can.
    func obstacle(_ namespace: String) -> Verdict? {
        if let watchedNamespace, namespace != watchedNamespace {
            return .rejected(
                reason: "namespace: \"\(namespace)\" is not the one that this operator works in, "
                    + "which is \"\(watchedNamespace)\"")
        }
        guard namespace != defaultNamespace, let labelled else { return nil }
        guard let isLabelled = labelled.contains(namespace) else {
            return .postponed(
                Postponement("which namespaces take requests from Redis isn't known yet", scope: .cluster))
        }
        guard !isLabelled else { return nil }
        return .rejected(
            reason: "namespace: \"\(namespace)\" takes no requests from Redis, or isn't there; to allow them: "
                + "kubectl label namespace \(namespace) \(Self.selector)")
    }
}
