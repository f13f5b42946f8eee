import KubernetesModel

/// The shape that all events of the operator's have.
enum ObjectEvent {
    /// What an event is about.
    struct Subject {
        let kind: ResourceKind
        let name: String
        let namespace: String
        let uid: String
        let resourceVersion: String
    }

    /// The API server takes 1024 bytes.
    private static let messageLimit = 1000
    /// An object's name has up to 253 letters, and so has an event's.
    private static let nameLimit = 253

    /// `fingerprint`: what the name ends with, so that telling the same again finds it there.
    static func manifest(
        of subject: Subject, type: String, reason: String, message: String, component: String, at time: Timestamp,
        fingerprint: String
    ) -> JSONValue {
        let at = JSONValue.string(time.description)
        return .object([
            "apiVersion": .string(Event.resourceKind.apiVersion), "kind": .string(Event.resourceKind.kind),
            "metadata": .object([
                "name": .string("\(subject.name.prefix(nameLimit - fingerprint.count - 1)).\(fingerprint)"),
                "namespace": .string(subject.namespace),
            ]),
            "involvedObject": .object([
                "apiVersion": .string(subject.kind.apiVersion), "kind": .string(subject.kind.kind),
                "name": .string(subject.name), "namespace": .string(subject.namespace),
                "uid": .string(subject.uid), "resourceVersion": .string(subject.resourceVersion),
            ]),
            "type": .string(type),
            "reason": .string(reason),
            "message": .string(message.head(bytes: messageLimit)),
            "firstTimestamp": at, "lastTimestamp": at, "count": .integer(1),
            "source": .object(["component": .string(component)]),
            "reportingComponent": .string(component),
        ])
    }
}

extension ObjectEvent.Subject {
    init(_ kind: ResourceKind, _ metadata: ObjectMeta) {
        self.init(
            kind: kind, name: metadata.name, namespace: metadata.namespace, uid: metadata.uid,
            resourceVersion: metadata.resourceVersion)
    }
}
