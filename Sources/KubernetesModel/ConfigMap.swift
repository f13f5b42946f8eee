/// A ConfigMap; only its texts matter here.
public struct ConfigMap: KubernetesResource, Hashable {
    public static let resourceKind = ResourceKind(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps")

    public var metadata: ObjectMeta
    public var data: [String: String]?

    public init(metadata: ObjectMeta, data: [String: String]? = nil) {
        self.metadata = metadata
        self.data = data
    }
}
