import KubernetesModel
package import ReportAPI

/// The channels that there are, as far as the gateway knows, for checks before anything is created.
package struct KnownChannels: Sendable {
    package var specs: [String: ReportChannelSpec]
    /// Of the namespace that the reports are in; nil where they aren't known.
    package var namespaceLabels: [String: String]?

    package init(_ channels: [ReportChannel], namespaceLabels: [String: String]? = nil) {
        specs = Dictionary(channels.compactMap { channel in channel.spec.value.map { (channel.metadata.name, $0) } }) {
            first, _ in first
        }
        self.namespaceLabels = namespaceLabels
    }
}
