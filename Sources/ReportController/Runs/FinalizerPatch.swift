import KubernetesModel
import ReportAPI
import ReportPlanning

/// The merge patch that replaces a request's finalizers, on the version that they were read from, and marks the request
/// as being of its own uid where it doesn't say so yet. With the mark go the labels by which people select requests.
struct FinalizerPatch: Encodable, Sendable {
    private struct Metadata: Encodable {
        let resourceVersion: String
        let finalizers: [String]
        let annotations: [String: String]?
        let labels: [String: String]?
    }

    private let metadata: Metadata

    init(_ request: ReportRequest, to finalizers: [String], marking: Bool) {
        metadata = Metadata(
            resourceVersion: request.metadata.resourceVersion, finalizers: finalizers,
            annotations: marking ? [ReportsAPI.Annotation.acceptedUID: request.metadata.uid] : nil,
            labels: marking ? RequestLabels.of(request) : nil)
    }
}
