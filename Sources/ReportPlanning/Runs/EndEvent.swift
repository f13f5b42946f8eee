package import KubernetesModel
package import ReportAPI

/// The Kubernetes event that tells how an attempt ended, for `kubectl describe` and whatever collects events.
package enum EndEvent {
    /// The API server takes 1024 bytes.
    private static let messageLimit = 1000
    /// A request's name has up to 253 letters, and so has an event's.
    private static let nameLimit = 253

    /// The event's manifest; nil while the run goes on.
    ///
    /// Its name follows from what it tells, so that telling it again finds it there.
    package static func manifest(of request: ReportRequest, component: String) -> JSONValue? {
        guard let status = request.status, let phase = status.phase, phase.isTerminal else { return nil }
        let metadata = request.metadata
        let fingerprint = Fingerprint.of(metadata.uid, "\(status.attempt ?? 1)", phase.rawValue)
        // The API server takes no event without its times.
        guard let time = status.completedAt ?? status.transitions?.last?.at ?? metadata.creationTimestamp else {
            return nil
        }
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
            "type": .string(phase == .failed ? "Warning" : "Normal"),
            "reason": .string(status.reason ?? phase.rawValue),
            "message": .string((status.message ?? phase.rawValue).head(bytes: messageLimit)),
            "firstTimestamp": at, "lastTimestamp": at, "count": .integer(1),
            "source": .object(["component": .string(component)]),
            "reportingComponent": .string(component),
        ])
    }
}
