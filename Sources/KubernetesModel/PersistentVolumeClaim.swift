/// A volume claim; only its name and owner matter here, the cluster does the rest.
public struct PersistentVolumeClaim: KubernetesResource, Hashable {
    public static let resourceKind = ResourceKind(
        group: "", version: "v1", kind: "PersistentVolumeClaim", plural: "persistentvolumeclaims")

    public var metadata: ObjectMeta
}
