/// A ConfigMap; only its texts matter here.
package struct ConfigMap: KubernetesResource, Hashable {
    package static let resourceKind = ResourceKind(group: "", version: "v1", kind: "ConfigMap", plural: "configmaps")

    package var metadata: ObjectMeta
    package var data: [String: String]?

    package init(metadata: ObjectMeta, data: [String: String]? = nil) {
        self.metadata = metadata
        self.data = data
    }
}
