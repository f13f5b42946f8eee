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

    /// `operatorName`: whose mark it is.
    init(_ request: ReportRequest, to finalizers: [String], marking: Bool, operatorName: String? = nil) {
        var annotations = [ReportsAPI.Annotation.acceptedUID: request.metadata.uid]
        annotations[ReportsAPI.Annotation.operator] = operatorName
        metadata = Metadata(
            resourceVersion: request.metadata.resourceVersion, finalizers: finalizers,
            annotations: marking ? annotations : nil,
            labels: marking ? RequestLabels.of(request) : nil)
    }
}
