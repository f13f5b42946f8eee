package import KubernetesModel
package import ReportAPI

/// The Kubernetes event that tells whoever has changed a request that nothing comes of it.
package enum IgnoredEvent {
    /// The event's manifest; nil where its status says nothing of that. Its name follows from what it tells.
    package static func manifest(of request: ReportRequest, component: String, at now: Timestamp) -> JSONValue? {
        guard let text = request.status?.ignoredChange else { return nil }
        return RequestEvent.manifest(
            of: request, type: "Warning", reason: "Ignored", message: text, component: component, at: now,
            fingerprint: Fingerprint.of(request.metadata.uid, "Ignored", text))
    }
}

/// The shape of both events of requests.
enum RequestEvent {
    /// The API server takes 1024 bytes.
    private static let messageLimit = 1000
    /// A request's name has up to 253 letters, and so has an event's.
    private static let nameLimit = 253

    static func manifest(
        of request: ReportRequest, type: String, reason: String, message: String, component: String, at time: Timestamp,
        fingerprint: String
    ) -> JSONValue {
        let metadata = request.metadata
        let at = JSONValue.string(time.description)
        return .object([
            "apiVersion": .string(Event.resourceKind.apiVersion), "kind": .string(Event.resourceKind.kind),
            "metadata": .object([
                "name": .string("\(metadata.name.prefix(nameLimit - fingerprint.count - 1)).\(fingerprint)"),
                "namespace": .string(metadata.namespace),
            ]),
            "involvedObject": .object([
                "apiVersion": .string(ReportRequest.resourceKind.apiVersion),
                "kind": .string(ReportRequest.resourceKind.kind),
                "name": .string(metadata.name), "namespace": .string(metadata.namespace),
                "uid": .string(metadata.uid), "resourceVersion": .string(metadata.resourceVersion),
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
