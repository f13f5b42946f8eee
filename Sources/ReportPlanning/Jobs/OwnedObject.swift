package import KubernetesModel

/// What the objects of a run, or of a schedule, have in common.
package enum OwnedObject {
    /// The metadata of an object that `owner` controls and that goes when it goes.
    package static func metadata(
        name: String, owner: some KubernetesResource, labels: [String: String]
    ) -> JSONValue {
        let reference = OwnerReference(controlledBy: owner)
        return .object([
            "name": .string(name),
            "namespace": .string(owner.metadata.namespace),
            "labels": .strings(labels),
            "ownerReferences": .array([
                .object([
                    "apiVersion": .string(reference.apiVersion),
                    "kind": .string(reference.kind),
                    "name": .string(reference.name),
                    "uid": .string(reference.uid),
                    "controller": .bool(true),
                    "blockOwnerDeletion": .bool(true),
                ])
            ]),
        ])
    }
}
