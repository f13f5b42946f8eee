package import KubernetesModel

/// The Kubernetes event that tells of an object which the operator can't read, and so leaves alone.
package enum UnreadableEvent {
    /// The event's manifest. Its name follows from the object's version, so that it is told once of each.
    package static func manifest(
        of object: UndecodableObject, kind: ResourceKind, component: String, at now: Timestamp
    ) -> JSONValue {
        let subject = ObjectEvent.Subject(
            kind: kind, name: object.name, namespace: object.namespace, uid: object.uid,
            resourceVersion: object.resourceVersion)
        let message =
            "the operator can't read this \(kind.kind) and does nothing for it until it is changed: \(object.message)"
        return ObjectEvent.manifest(
            of: subject, type: "Warning", reason: "Unreadable", message: message, component: component, at: now,
            fingerprint: Fingerprint.of(kind.kind, object.uid, object.resourceVersion, "Unreadable"))
    }
}
