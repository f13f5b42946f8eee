package import KubernetesModel
package import ReportAPI

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

/// The Kubernetes event that tells whoever has changed a request that nothing comes of it.
package enum IgnoredEvent {
    /// The event's manifest; nil where its status says nothing of that. Its name follows from what it tells.
    package static func manifest(of request: ReportRequest, component: String, at now: Timestamp) -> JSONValue? {
        guard let text = request.status?.ignoredChange else { return nil }
        return ObjectEvent.manifest(
            of: .init(ReportRequest.resourceKind, request.metadata), type: "Warning", reason: "Ignored", message: text,
            component: component, at: now, fingerprint: Fingerprint.of(request.metadata.uid, "Ignored", text))
    }
}

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

/// The Kubernetes event about another operator that acts for the same namespace.
package enum OtherOperatorEvent {
    /// The event's manifest, about a request that both would work on. `own` reports it, of `other`.
    package static func manifest(
        of request: ObjectMeta, own: String, other: String, component: String, at now: Timestamp
    ) -> JSONValue {
        ObjectEvent.manifest(
            of: .init(ReportRequest.resourceKind, request), type: "Warning", reason: "OtherOperator",
            message: text(own: own, other: other, namespace: request.namespace), component: component, at: now,
            fingerprint: Fingerprint.of(request.uid, "OtherOperator", own, other))
    }

    /// For people.
    package static func text(own: String, other: String, namespace: String) -> String {
        "two operators act for namespace \(namespace), \(own) and \(other) (each by its Lease, if it has one): records "
            + "may go to the MongoDB of either, and shared locks to the Redis of either; remove one of the two"
    }
}
