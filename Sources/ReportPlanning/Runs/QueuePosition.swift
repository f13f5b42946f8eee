package import KubernetesModel
package import ReportAPI

/// A request's place among those that wait: higher priority first, then the older, then the lower uid.
package struct QueuePosition: Comparable, Hashable, Sendable {
    package let priority: Int
    package let createdAt: Timestamp
    package let uid: String

    package init(_ request: ReportRequest) {
        priority = request.spec.value?.priority ?? 0
        createdAt = request.metadata.creationTimestamp ?? Timestamp(seconds: 0)
        uid = request.metadata.uid
    }

    package static func < (left: QueuePosition, right: QueuePosition) -> Bool {
        if left.priority != right.priority { return left.priority > right.priority }
        if left.createdAt != right.createdAt { return left.createdAt < right.createdAt }
        return left.uid < right.uid
    }
}
