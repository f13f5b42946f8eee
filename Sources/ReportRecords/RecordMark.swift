import KubernetesModel
package import ReportAPI

/// What of a request the record tells: two requests with the same mark need one write.
package struct RecordMark: Hashable, Sendable {
    private let generation: Int64
    private let isDeleting: Bool
    /// Without the condition that tells of the record itself.
    private let status: ReportRequestStatus?

    package init(_ request: ReportRequest) {
        generation = request.metadata.generation
        isDeleting = request.metadata.isDeleting
        var status = request.status
        status?.conditions?.removeAll { $0.type == RequestCondition.recorded.rawValue }
        status?.observedGeneration = nil
        // It never changes, and a cache may have dropped it.
        status?.accepted = nil
        self.status = status
    }
}
