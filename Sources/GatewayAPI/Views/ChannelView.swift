import DeliveryPlanning
import KubernetesModel
package import ReportAPI

/// A way out for reports, as somebody sees it who wants to send one: nothing of where it leads, and no Secret's name.
package struct ChannelView: Hashable, Sendable, JSONWritable {
    package var name: String
    package var type: ReportChannelSpec.Kind
    /// `True`, `False` or `Unknown`.
    package var ready: String
    package var message: String?
    package var isDefault: Bool

    /// Nil where the channel can't be read, and so is none.
    package init?(_ channel: ReportChannel, courierNamespace: String) {
        guard let spec = channel.spec.value else { return nil }
        name = channel.metadata.name
        type = spec.type
        isDefault = spec.default ?? false
        if ChannelCheck.obstacle(to: channel, courierNamespace: courierNamespace) != nil {
            ready = "False"
            message = "it is not set up rightly; ask who runs the reports"
        } else if let condition = channel.status?.ready {
            ready = condition.status
            message = condition.message
        } else {
            ready = "Unknown"
            message = "the courier hasn't tried it yet"
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("name", name)
            $0.member("type", type.rawValue)
            $0.member("ready", ready)
            $0.member("message", message)
            $0.member("takesAddresses", type == .mail)
            $0.member("default", isDefault)
        }
    }
}
