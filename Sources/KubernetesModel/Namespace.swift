/// A namespace; only its name and labels matter here.
public struct Namespace: KubernetesResource, Hashable {
    public static let resourceKind = ResourceKind(group: "", version: "v1", kind: "Namespace", plural: "namespaces")

    public var metadata: ObjectMeta

    public init(metadata: ObjectMeta) { self.metadata = metadata }
}
