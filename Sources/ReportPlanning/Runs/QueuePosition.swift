package import KubernetesModel
package import ReportAPI

/// A request's place among those that wait: higher priority first, then the older, of one second the one that
/// was made first, then the lower uid.
package struct QueuePosition: Comparable, Hashable, Sendable {
    package let priority: Int
    package let createdAt: Timestamp
    /// The version at which it was first seen: Kubernetes' times count whole seconds.
    package let arrival: String
    package let uid: String

    /// `arrival`: for one whose status doesn't say yet.
    package init(_ request: ReportRequest, arrival: String? = nil) {
        priority = request.spec.value?.priority ?? 0
        createdAt = request.metadata.creationTimestamp ?? Timestamp(seconds: 0)
        self.arrival = request.status?.arrival ?? arrival ?? request.metadata.resourceVersion
        uid = request.metadata.uid
    }

    package static func < (left: QueuePosition, right: QueuePosition) -> Bool {
        if left.priority != right.priority { return left.priority > right.priority }
        if left.createdAt != right.createdAt { return left.createdAt < right.createdAt }
        if ResourceVersion.isOlder(left.arrival, than: right.arrival) { return true }
        if ResourceVersion.isOlder(right.arrival, than: left.arrival) { return false }
        return left.uid < right.uid
    }
}
