/// Where something was made: in which cluster, and in which namespace of all that have ever had that name.
public struct RecordOrigin: Hashable, Sendable {
    /// The uid of the namespace `kube-system`; nil where that may not be read.
    public var cluster: String?
    /// What people call the cluster, as its programs are told.
    public var clusterName: String?
    /// The uid of the namespace as it was then; nil where that may not be read, or wasn't asked for yet.
    public var namespaceUID: String?

    public init(cluster: String? = nil, clusterName: String? = nil, namespaceUID: String? = nil) {
        self.cluster = cluster
        self.clusterName = clusterName
        self.namespaceUID = namespaceUID
    }

    public static let unknown = RecordOrigin()
}

extension ReportRecord {
    public var origin: RecordOrigin {
        get { RecordOrigin(cluster: cluster, clusterName: clusterName, namespaceUID: namespaceUID) }
        set { (cluster, clusterName, namespaceUID) = (newValue.cluster, newValue.clusterName, newValue.namespaceUID) }
    }
}

extension ReportEvent {
    public var origin: RecordOrigin {
        get { RecordOrigin(cluster: cluster, clusterName: clusterName, namespaceUID: namespaceUID) }
        set { (cluster, clusterName, namespaceUID) = (newValue.cluster, newValue.clusterName, newValue.namespaceUID) }
    }
}

extension DeliveryCopy {
    public var origin: RecordOrigin {
        get { RecordOrigin(cluster: cluster, clusterName: clusterName, namespaceUID: namespaceUID) }
        set { (cluster, clusterName, namespaceUID) = (newValue.cluster, newValue.clusterName, newValue.namespaceUID) }
    }
}
