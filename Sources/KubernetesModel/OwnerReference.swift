/// `metav1.OwnerReference`: whose deletion takes this object along.
package struct OwnerReference: Codable, Hashable, Sendable {
    package var apiVersion: String
    package var kind: String
    package var name: String
    package var uid: String
    package var controller: Bool?
    package var blockOwnerDeletion: Bool?

    /// A reference by which `owner` controls the object that carries it.
    package init<Owner: KubernetesResource>(controlledBy owner: Owner) {
        apiVersion = Owner.resourceKind.apiVersion
        kind = Owner.resourceKind.kind
        name = owner.metadata.name
        uid = owner.metadata.uid
        controller = true
        blockOwnerDeletion = true
    }
}
