/// A volume claim; only its name and owner matter here, the cluster does the rest.
package struct PersistentVolumeClaim: KubernetesResource, Hashable {
    package static let resourceKind = ResourceKind(
        group: "", version: "v1", kind: "PersistentVolumeClaim", plural: "persistentvolumeclaims")

    package var metadata: ObjectMeta
}
