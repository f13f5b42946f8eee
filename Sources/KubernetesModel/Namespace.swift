/// A namespace; only its name and labels matter here.
package struct Namespace: KubernetesResource, Hashable {
    package static let resourceKind = ResourceKind(group: "", version: "v1", kind: "Namespace", plural: "namespaces")

    package var metadata: ObjectMeta

    package init(metadata: ObjectMeta) { self.metadata = metadata }
}
