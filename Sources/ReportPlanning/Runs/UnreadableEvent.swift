package import KubernetesModel

/// The Kubernetes event that tells of an object which the operator can't read, and so leaves alone.
package enum UnreadableEvent {
    /// The API server takes 1024 bytes.
    private static let messageLimit = 1000
    /// An object's name has up to 253 letters, and so has an event's.
    private static let nameLimit = 253

    /// The event's manifest. Its name follows from the object's version, so that it is told once of each.
    package static func manifest(
        of object: UndecodableObject, kind: ResourceKind, component: String, at now: Timestamp
    ) -> JSONValue {
        let fingerprint = Fingerprint.of(kind.kind, object.uid, object.resourceVersion, "Unreadable")
        let at = JSONValue.string(now.description)
        let message =
            "the operator can't read this \(kind.kind) and does nothing for it until it is changed: \(object.message)"
        return .object([
            "apiVersion": .string(Event.resourceKind.apiVersion), "kind": .string(Event.resourceKind.kind),
            "metadata": .object([
                "name": .string("\(object.name.prefix(nameLimit - fingerprint.count - 1)).\(fingerprint)"),
                "namespace": .string(object.namespace),
            ]),
            "involvedObject": .object([
                "apiVersion": .string(kind.apiVersion), "kind": .string(kind.kind),
                "name": .string(object.name), "namespace": .string(object.namespace),
                "uid": .string(object.uid), "resourceVersion": .string(object.resourceVersion),
            ]),
            "type": .string("Warning"), "reason": .string("Unreadable"),
            "message": .string(message.cut(toBytes: messageLimit)),
            "firstTimestamp": at, "lastTimestamp": at, "count": .integer(1),
            "source": .object(["component": .string(component)]), "reportingComponent": .string(component),
        ])
    }
}
