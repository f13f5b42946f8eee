import KubernetesModel
package import ReportAPI

extension ObservedRun {
    /// What is known of ways out, and of the deliveries that were made for the request.
    package struct Deliveries: Sendable {
        /// Those of the courier's namespace.
        package var channels: [ReportChannel]
        /// Of the request's namespace; nil where they aren't known.
        package var namespaceLabels: [String: String]?
        /// Whether the run of its schedule before it failed too.
        package var followsFailure: Bool
        /// By name.
        package var made: [String: ReportDelivery]
        /// Whether those that aren't among `made` aren't there, as far as a watch can tell.
        package var isListed: Bool

        package init(
            channels: [ReportChannel] = [], namespaceLabels: [String: String]? = [:], followsFailure: Bool = false,
            made: [ReportDelivery] = [], isListed: Bool = true
        ) {
            self.channels = channels
            self.namespaceLabels = namespaceLabels
            self.followsFailure = followsFailure
            self.made = Dictionary(made.map { ($0.metadata.name, $0) }) { first, _ in first }
            self.isListed = isListed
        }
    }
}
