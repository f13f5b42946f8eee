package import KubernetesModel
package import ReportAPI

/// The Kubernetes event that tells how an attempt ended, for `kubectl describe` and whatever collects events.
package enum EndEvent {
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
        return ObjectEvent.manifest(
            of: .init(ReportRequest.resourceKind, metadata), type: phase == .failed ? "Warning" : "Normal",
            reason: status.reason ?? phase.rawValue, message: status.runExplanation ?? phase.rawValue,
            component: component,
            at: time, fingerprint: fingerprint)
    }
}
