/// Where something was made: in which cluster, and in which namespace of all that have ever had that name.
package struct RecordOrigin: Hashable, Sendable {
    /// The uid of the namespace `kube-system`; nil where that may not be read.
    package var cluster: String?
    /// What people call the cluster, as its programs are told.
    package var clusterName: String?
    /// The uid of the namespace as it was then; nil where that may not be read, or wasn't asked for yet.
    package var namespaceUID: String?

    package init(cluster: String? = nil, clusterName: String? = nil, namespaceUID: String? = nil) {
        self.cluster = cluster
        self.clusterName = clusterName
        self.namespaceUID = namespaceUID
    }

    package static let unknown = RecordOrigin()
}

extension ReportRecord {
    package var origin: RecordOrigin {
        get { RecordOrigin(cluster: cluster, clusterName: clusterName, namespaceUID: namespaceUID) }
        set { (cluster, clusterName, namespaceUID) = (newValue.cluster, newValue.clusterName, newValue.namespaceUID) }
    }
}

extension ReportEvent {
    package var origin: RecordOrigin {
        get { RecordOrigin(cluster: cluster, clusterName: clusterName, namespaceUID: namespaceUID) }
        set { (cluster, clusterName, namespaceUID) = (newValue.cluster, newValue.clusterName, newValue.namespaceUID) }
    }
}

extension DeliveryCopy {
    package var origin: RecordOrigin {
        get { RecordOrigin(cluster: cluster, clusterName: clusterName, namespaceUID: namespaceUID) }
        set { (cluster, clusterName, namespaceUID) = (newValue.cluster, newValue.clusterName, newValue.namespaceUID) }
    }
}
