package import KubernetesModel
package import ReportAPI

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
