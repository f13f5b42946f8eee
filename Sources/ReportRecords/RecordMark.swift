import KubernetesModel
public import ReportAPI

/// What of a request the record tells: two requests with the same mark need one write.
public struct RecordMark: Hashable, Sendable {
    private let generation: Int64
    private let isDeleting: Bool
    /// Without the condition that tells of the record itself, and without that of deliveries, which aren't part of it.
    private let status: ReportRequestStatus?

    public init(_ request: ReportRequest) {
        generation = request.metadata.generation
        isDeleting = request.metadata.isDeleting
        var status = request.status
        let others: Set = [RequestCondition.recorded.rawValue, RequestCondition.delivered.rawValue]
        status?.conditions?.removeAll { others.contains($0.type) }
        status?.observedGeneration = nil
        // It comes from there.
        status?.asOf = nil
        // It never changes, and a cache may have dropped it.
        status?.accepted = nil
        self.status = status
    }
}
