public import FoundationEssentials

/// A namespace as it is now. Its name may have been another one's before it, whose reports are none of its people's business.
public struct LiveNamespace: Hashable, Sendable {
    public var name: String
    public var uid: String
    public var createdAt: Date
    /// The uid of the namespace `kube-system`; nil where that may not be read.
    public var cluster: String?
    public var clusterName: String?

    public init(name: String, uid: String, createdAt: Date, cluster: String? = nil, clusterName: String? = nil) {
        self.name = name
        self.uid = uid
        self.createdAt = createdAt
        self.cluster = cluster
        self.clusterName = clusterName
    }

    public var origin: RecordOrigin {
        RecordOrigin(cluster: cluster, clusterName: clusterName, namespaceUID: uid)
    }

    /// Whether something of that namespace's name was made in this very one.
    ///
    /// What was recorded before namespaces were told apart is of the namespace that was there already when it was made.
    public func isOrigin(_ origin: RecordOrigin, namespace: String, createdAt moment: Date) -> Bool {
        guard namespace == name else { return false }
        if let cluster, let other = origin.cluster, cluster != other { return false }
        if let other = origin.namespaceUID { return other == uid }
        return createdAt <= moment
    }

    public func isOrigin(of record: ReportRecord) -> Bool {
        isOrigin(record.origin, namespace: record.namespace, createdAt: record.createdAt)
    }
}
