import KubernetesModel
import ReportAPI

/// The merge patch that replaces a request's finalizers, on the version that they were read from.
struct FinalizerPatch: Encodable, Sendable {
    private struct Metadata: Encodable {
        let resourceVersion: String
        let finalizers: [String]
    }

    private let metadata: Metadata

    init(_ request: ReportRequest, to finalizers: [String]) {
        metadata = Metadata(resourceVersion: request.metadata.resourceVersion, finalizers: finalizers)
    }
}
