package import FoundationEssentials

/// A namespace as it is now. Its name may have been another one's before it, whose reports are none of its people's business.
package struct LiveNamespace: Hashable, Sendable {
    package var name: String
    package var uid: String
    package var createdAt: Date
    /// The uid of the namespace `kube-system`; nil where that may not be read.
    package var cluster: String?
    package var clusterName: String?

    package init(name: String, uid: String, createdAt: Date, cluster: String? = nil, clusterName: String? = nil) {
        self.name = name
        self.uid = uid
        self.createdAt = createdAt
        self.cluster = cluster
        self.clusterName = clusterName
    }

    package var origin: RecordOrigin {
        RecordOrigin(cluster: cluster, clusterName: clusterName, namespaceUID: uid)
    }

    /// Whether something of that namespace's name was made in this very one.
    ///
    /// What was recorded before namespaces were told apart is of the namespace that was there already when it was made.
    package func isOrigin(_ origin: RecordOrigin, namespace: String, createdAt moment: Date) -> Bool {
        guard namespace == name else { return false }
        if let cluster, let other = origin.cluster, cluster != other { return false }
        if let other = origin.namespaceUID { return other == uid }
        return createdAt <= moment
    }

    package func isOrigin(of record: ReportRecord) -> Bool {
        isOrigin(record.origin, namespace: record.namespace, createdAt: record.createdAt)
    }
}
